"""Apply a classifier exported by MedLabeler: python onnx_predict.py MODEL.onnx OUT.csv IMAGE|FOLDER...

Needs onnxruntime, numpy and pillow alone. For images of 8 bits.
"""

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
            raise SystemExit(f"{path} holds more than 8 bits; make it 8 bits as the first images were.")
        image.draft(None, (4 * size, 4 * size))  # a large JPEG is decoded at a half, a quarter or an eighth
        image = ImageOps.exif_transpose(image)
        if "transparency" in image.info or image.mode[-1] in "Aa":
            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
        return np.asarray(image.convert("RGB").resize((size, size), Image.Resampling[interpolation.upper()]))


model, out, *sources = sys.argv[1:]
session = onnxruntime.InferenceSession(model)
about = json.loads(session.get_modelmeta().custom_metadata_map["medlabeler"])
names, size, how = about["classes"], about["size"], about["interpolation"]
found = [sorted(source.rglob("*.*")) if source.is_dir() else [source] for source in map(Path, sources)]
with Path(out).open("w", newline="", encoding="utf-8") as file:
    table = csv.writer(file)
    table.writerow(["image", "prediction", "confidence", *(f"p:{name}" for name in names)])
    for path in sum(found, []):
        row = session.run(["probabilities"], {"pixels": read(path, size, how)[None]})[0][0]
        table.writerow([path, names[row.argmax()], f"{row.max():.6f}", *(f"{p:.6f}" for p in row)])
