"""Apply a classifier of MedLabeler with onnxruntime, numpy and pillow alone; only images of 8 bits are read.
python onnx_predict.py MODEL.onnx OUT.csv IMAGE|FOLDER..."""

import csv
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image, ImageOps


def read(path, size, interpolation):
    """What the graph takes: upright, RGB, on white where transparent, the whole image at size x size."""
    with Image.open(path) as image:
        if image.mode in ("I", "F") or image.mode.startswith("I;"):
            raise ValueError("it holds more than 8 bits; make it 8 bits as the first images were")
        image.draft(None, (4 * size, 4 * size))  # a large JPEG is decoded at a half, a quarter or an eighth
        image = ImageOps.exif_transpose(image)
        if "transparency" in image.info or image.mode[-1] in "Aa":
            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
        return np.asarray(image.convert("RGB").resize((size, size), Image.Resampling[interpolation.upper()]))


model, out, *sources = sys.argv[1:]
session, known = onnxruntime.InferenceSession(model), Image.registered_extensions()
about = json.loads(session.get_modelmeta().custom_metadata_map["medlabeler"])
lines = [["image", "prediction", "confidence", *(f"p:{name}" for name in about["classes"])]]
below = [(p, sorted(q for q in p.rglob("*") if q.suffix.lower() in known)) for p in map(Path, sources)]
for path in sum((files if p.is_dir() else [p] for p, files in below), []):
    try:
        pixels = read(path, about["size"], about["interpolation"])[None]
        row = session.run(["probabilities"], {"pixels": pixels})[0][0]
        lines += [[str(path), about["classes"][row.argmax()], *(f"{p:.6f}" for p in [row.max(), *row])]]
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        print(f"{path} is left out: {error}", file=sys.stderr)
with Path(out).open("w", newline="", encoding="utf-8") as file:  # at the end, and no text is a formula
    csv.writer(file).writerows(["'" * x.startswith(tuple("=+-@\t\r")) + x for x in line] for line in lines)
