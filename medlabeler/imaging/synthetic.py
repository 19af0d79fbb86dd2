"""The sample: procedurally drawn cells in the look of a stained blood smear.

Nothing here is a photograph or follows one: the pictures are drawn from random numbers, so that the whole
program can be tried on a machine without data. They are called synthetic wherever they are shown, and no
accuracy measured on them says anything about real smears.

Colour follows Beer and Lambert: every structure adds optical density of one of four dyes, the light that
is left makes the picture. Slides differ in dyes, strength, light and focus, as real ones do.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress, SilentProgress
from medlabeler.domain.refusals import system_reason
from medlabeler.imaging.brush import BANK, SIZE, Field, disc, halo, inside, noise, segment, smooth_max, window

CLASSES = ("elongated", "granular", "round", "segmented", "spiky", "target")
"""The six shapes; neighbours overlap on purpose (a lobed round nucleus, a granulated segmented cell)."""

N_SLIDES = 24

_SHARES = (0.15, 0.12, 0.24, 0.22, 0.13, 0.14)
# Optical density of red, green and blue per unit of dye.
_DYES = np.array(
    [
        [0.78, 0.98, 0.34],  # chromatin, violet
        [0.16, 0.50, 0.20],  # eosin, pink
        [0.10, 0.44, 0.52],  # haemoglobin and eosinophilic granules, salmon to orange
        [0.55, 0.36, 0.10],  # basophilic cytoplasm, blue
    ]
)
_STAINS = {
    # Strength of the four dyes: the usual balance, one turned to blue, one to pink.
    "A": (1.00, 1.00, 1.00, 1.00),
    "B": (1.10, 0.72, 0.86, 1.45),
    "C": (0.86, 1.40, 1.08, 0.70),
}

Rng = np.random.Generator
CHROMATIN, EOSIN, HAEMOGLOBIN, BASOPHIL = range(4)


@dataclass(frozen=True)
class Slide:
    """What all pictures of one slide share."""

    name: str
    stain: str
    dyes: Field
    """(4, 3) optical density of red, green, blue per unit of dye."""
    light: Field
    """(3,) transmitted light of the empty slide, 0..1."""
    blur: float
    """Standard deviation of the defocus in pixels."""
    grain: float
    """Standard deviation of the sensor noise, in grey levels of 255."""
    crowd: float
    """Mean number of red cells around the one in the middle."""


class Painter:
    """Draws cells of the slides of one sample; the pictures depend on `seed` and their index alone."""

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        rng = np.random.default_rng([seed, 1])
        self.slides = [_slide(rng, number) for number in range(N_SLIDES)]
        self._fine, self._clumps, self._waves = (noise(rng, step) for step in (3, 7, 42))
        axis = np.arange(SIZE, dtype=np.float32)
        self._x, self._y = axis[None, :], axis[:, None]

    def paint(self, index: int, shape: str, slide: Slide) -> NDArray[np.uint8]:
        """Picture number `index`: a cell of `shape` (one of `CLASSES`) in the middle.

        Returns uint8 (SIZE, SIZE, 3) RGB.
        """
        rng = np.random.default_rng([self.seed, 2, index])
        dye = np.zeros((4, SIZE, SIZE), np.float32)
        dye[EOSIN] += 0.05 + 0.012 * self._crop(rng, self._waves)
        dye[BASOPHIL] += 0.03 + 0.010 * self._crop(rng, self._waves)
        x = self._x - (SIZE / 2 + rng.normal(0, 3))
        y = self._y - (SIZE / 2 + rng.normal(0, 3))
        wobble = rng.uniform(0.8, 2.0)
        x = x + wobble * self._crop(rng, self._waves)
        y = y + wobble * self._crop(rng, self._waves)
        turn = rng.uniform(0, 2 * np.pi)
        u, v = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
        middle = np.zeros((4, SIZE, SIZE), np.float32)
        draw = getattr(self, f"_{shape}")
        radius: float = draw(rng, u, v, middle)
        self._surroundings(rng, slide, dye, radius)
        dye += middle
        return self._expose(rng, slide, dye)

    # Red cells -----------------------------------------------------------------------------------

    def _elongated(self, rng: Rng, u: Field, v: Field, dye: Field) -> float:
        """An elliptocyte; the shortest ones pass for round red cells, some are bent like a sickle."""
        stretch = 1.10 + 1.6 * rng.beta(1.1, 1.6)
        area = rng.uniform(25, 31)
        a, b = area * np.sqrt(stretch) * 1.02, area / np.sqrt(stretch)
        bend = rng.normal(0, 0.50 if rng.random() < 0.25 else 0.12) * (stretch - 1) / a
        bent = v - bend * (u * u - a * a / 3)
        q = np.hypot(u / a, bent / b)
        pallor = rng.uniform(0.05, 0.60)
        disc(dye[HAEMOGLOBIN], dye[EOSIN], q, b, pallor, rng.uniform(0.9, 1.15))
        return float(a)

    def _target(self, rng: Rng, u: Field, v: Field, dye: Field) -> float:
        """A codocyte: a dark middle in a pale ring; the middle may be faint, off centre or a bridge."""
        radius = rng.uniform(27, 33)
        squeeze = rng.uniform(1.0, 1.30)
        q = np.hypot(u / squeeze, v * squeeze) / radius
        mask = inside((q - 1) * radius, 1.5)
        ring = np.exp(-(((q - rng.uniform(0.47, 0.56)) / rng.uniform(0.13, 0.19)) ** 2))
        shift_u, shift_v = rng.normal(0, 0.05, 2)
        stretch = rng.uniform(1, 1.6)
        off_centre = np.hypot((u / radius - shift_u) / stretch, v / radius - shift_v)
        middle = np.exp(-((off_centre / rng.uniform(0.20, 0.30)) ** 2))
        depth = 0.14 + 0.56 * rng.beta(1.4, 1.0)
        thick = 0.92 - depth * ring + rng.uniform(0.0, 0.30) * middle
        thick = thick + 0.12 * np.exp(-(((q - 0.9) / 0.10) ** 2))
        strength = rng.uniform(0.85, 1.1)
        dye[HAEMOGLOBIN] += strength * mask * thick * 0.62
        dye[EOSIN] += strength * mask * thick * 0.40
        halo(dye[EOSIN], q, radius)
        return radius * float(squeeze)

    def _spiky(self, rng: Rng, u: Field, v: Field, dye: Field) -> float:
        """A burr cell: 7 to 16 spicules, from hardly raised to long, with a few seen from above."""
        radius = rng.uniform(25, 30)
        count = int(rng.integers(7, 17))
        height = 0.035 + 0.265 * rng.beta(1.1, 1.3)
        angle = np.arange(720, dtype=np.float32) * np.float32(2 * np.pi / 720)
        outline = np.full(720, 1 - height / 4, np.float32)
        at = (np.arange(count) + rng.uniform(-0.28, 0.28, count)) * 2 * np.pi / count
        for centre, tall in zip(at, height * rng.uniform(0.55, 1.25, count), strict=True):
            away = np.abs((angle - centre + np.pi) % (2 * np.pi) - np.pi)
            outline += tall * np.exp(-away / rng.uniform(0.09, 0.16))
        theta = np.arctan2(v, u)
        limit = outline[np.clip(((theta + np.pi) * (720 / (2 * np.pi))).astype(np.int32), 0, 719)]
        squeeze = rng.uniform(1.0, 1.25)
        distance = np.hypot(u / squeeze, v * squeeze)
        q = distance / (radius * limit)
        disc(dye[HAEMOGLOBIN], dye[EOSIN], q, radius, rng.uniform(0.0, 0.38), rng.uniform(0.95, 1.2))
        for _ in range(int(rng.integers(0, 7))):
            away, to = radius * np.sqrt(rng.uniform(0, 0.55)), rng.uniform(0, 2 * np.pi)
            bump = np.exp(-((u - away * np.cos(to)) ** 2 + (v - away * np.sin(to)) ** 2) / 7.0)
            dye[HAEMOGLOBIN] += 0.20 * height / 0.2 * bump
        return radius * (1 + float(height))

    # White cells ---------------------------------------------------------------------------------

    def _round(self, rng: Rng, u: Field, v: Field, dye: Field) -> float:
        """One round nucleus in a narrow blue rim; some nuclei are notched until they look lobed."""
        nucleus = rng.uniform(23, 33)
        radius = nucleus * rng.uniform(1.12, 1.55)
        body = self._body(rng, u, v, dye, radius, blue=rng.uniform(0.15, 0.85), pink=rng.uniform(0.05, 0.40))
        room = radius - nucleus
        du, dv = u - rng.uniform(-0.6, 0.6) * room, v - rng.uniform(-0.6, 0.6) * room
        distance = np.hypot(du / rng.uniform(0.92, 1.12), dv) - nucleus
        if rng.random() < 0.05:
            distance = self._lobes(rng, du, dv, radius, 2)
        elif rng.random() < 0.45:
            depth = rng.uniform(0.2, 1.0)
            bite = nucleus * rng.uniform(0.45, 0.70) - np.hypot(du - nucleus * (1.35 - 0.5 * depth), dv)
            distance = smooth_max(distance, bite, 4.0)
        self._nucleus(rng, dye, distance, rng.uniform(0.75, 1.15))
        self._granules(
            rng, u, v, dye, body, radius, int(rng.integers(0, 14)), size=1.1, dye_of=CHROMATIN, dose=0.45
        )
        return radius

    def _segmented(self, rng: Rng, u: Field, v: Field, dye: Field) -> float:
        """A nucleus of two to five lobes in pink cytoplasm; some carry nearly as coarse granules as below."""
        radius = rng.uniform(34, 42)
        body = self._body(rng, u, v, dye, radius, blue=rng.uniform(0.02, 0.25), pink=rng.uniform(0.22, 0.62))
        lobes = int(rng.choice([1, 2, 3, 4, 5], p=[0.05, 0.23, 0.36, 0.26, 0.10]))
        self._nucleus(rng, dye, self._lobes(rng, u, v, radius, lobes), rng.uniform(0.85, 1.2))
        if rng.random() < 0.25:
            many, size, dye_of = int(rng.integers(15, 60)), rng.uniform(1.2, 1.9), HAEMOGLOBIN
        else:
            many, size, dye_of = int(rng.integers(40, 90)), 0.9, EOSIN
        self._granules(rng, u, v, dye, body, radius, many, size=size, dye_of=dye_of, dose=0.34)
        return radius

    def _granular(self, rng: Rng, u: Field, v: Field, dye: Field) -> float:
        """Coarse granules around a lobed nucleus: orange, in one of five cells dark violet."""
        radius = rng.uniform(34, 43)
        violet = rng.random() < 0.2
        body = self._body(rng, u, v, dye, radius, blue=0.25 if violet else 0.06, pink=rng.uniform(0.25, 0.5))
        lobes = int(rng.choice([1, 2, 3, 4], p=[0.1, 0.55, 0.27, 0.08]))
        strength = rng.uniform(0.6, 0.85) if violet else rng.uniform(0.8, 1.1)
        self._nucleus(rng, dye, self._lobes(rng, u, v, radius, lobes), strength)
        many = int(rng.integers(30, 110)) if violet else int(rng.integers(30, 230))
        dose = rng.uniform(0.4, 0.9) if violet else rng.uniform(0.22, 0.75)
        self._granules(
            rng, u, v, dye, body, radius, many, size=rng.uniform(1.4, 2.3),
            dye_of=CHROMATIN if violet else HAEMOGLOBIN, dose=dose,
        )  # fmt: skip
        return radius

    def _body(
        self,
        rng: Rng,
        u: Field,
        v: Field,
        dye: Field,
        radius: float,
        *,
        blue: float,
        pink: float,
    ) -> Field:
        """Cytoplasm: an uneven disc with a slightly darker rim; returns where it is, 0..1."""
        squeeze = rng.uniform(1.0, 1.12)
        outline = np.hypot(u / squeeze, v * squeeze) + 1.6 * self._crop(rng, self._waves)
        distance = outline - radius
        mask = inside(distance, 2.0)
        rim = np.exp(-((distance + 2.5) ** 2) / 9)
        cloudy = 1 + 0.10 * self._crop(rng, self._clumps) + 0.06 * self._crop(rng, self._fine)
        dye[BASOPHIL] += blue * mask * cloudy * (1 + 0.35 * rim)
        dye[EOSIN] += pink * mask * cloudy * (1 + 0.20 * rim)
        dye[EOSIN] -= 0.03 * np.exp(-((distance - 3) ** 2) / 6)
        return mask

    def _nucleus(self, rng: Rng, dye: Field, distance: Field, strength: float) -> None:
        """Chromatin where `distance` is negative: clumped, darker at the membrane, a pale gap around."""
        mask = inside(distance + 0.7 * self._crop(rng, self._clumps), 1.8)
        clumps = 0.13 * self._crop(rng, self._clumps) + 0.08 * self._crop(rng, self._fine)
        membrane = 0.14 * np.exp(-((distance + 2) ** 2) / 6)
        around = np.clip(1 - np.exp(-((distance - 2) ** 2) / 10), 0.72, 1)
        dye[BASOPHIL] *= around * (1 - 0.7 * mask)
        dye[EOSIN] *= around
        dye[CHROMATIN] += strength * mask * (0.92 + clumps + membrane)

    def _lobes(self, rng: Rng, u: Field, v: Field, radius: float, count: int) -> Field:
        """Distance to a chain of `count` lobes joined by threads, bent around the middle of the cell."""
        size = radius * (0.25 + 0.20 / count) * rng.uniform(0.9, 1.1)
        span = rng.uniform(0.75, 1.25) * np.pi * min(1.0, 0.28 * count)
        orbit = 0.0 if count == 1 else radius * rng.uniform(0.42, 0.54)
        middle_u, middle_v = rng.uniform(-0.12, 0.12, 2) * radius
        total = np.zeros_like(u)
        soft = rng.uniform(1.6, 3.4)
        last: tuple[float, float] | None = None
        for at in np.linspace(-span, span, count) if count > 1 else [0.0]:
            to, far = at + rng.normal(0, 0.12), orbit * rng.uniform(0.85, 1.15)
            lu, lv = middle_u + far * np.cos(to), middle_v + far * np.sin(to)
            tilt, long = rng.uniform(0, np.pi), rng.uniform(1.0, 1.28)
            du, dv = u - lu, v - lv
            along, across = du * np.cos(tilt) + dv * np.sin(tilt), dv * np.cos(tilt) - du * np.sin(tilt)
            total += np.exp(-(np.hypot(along / long, across * long) - size * rng.uniform(0.85, 1.1)) / soft)
            if last is not None:
                total += np.exp(-(segment(u, v, last, (lu, lv)) - rng.uniform(1.0, 3.2)) / 1.2)
            last = (lu, lv)
        return np.asarray(-soft * np.log(np.maximum(total, 1e-12)), np.float32)

    def _granules(
        self, rng: Rng, u: Field, v: Field, dye: Field, body: Field, radius: float, count: int,
        *, size: float, dye_of: int, dose: float,
    ) -> None:  # fmt: skip
        """`count` small round grains of `size` pixels, scattered over the cell, thinner over the nucleus."""
        reach = int(np.ceil(2.5 * size))
        axis = np.arange(-reach, reach + 1, dtype=np.float32)
        grains = np.zeros((SIZE, SIZE), np.float32)
        far = (radius - 1.5 * size) * np.sqrt(rng.uniform(0, 1, count))
        to = rng.uniform(0, 2 * np.pi, count)
        # The middle of the cell in pixels: where u and v are both smallest.
        row, column = divmod(int(np.argmin(u * u + v * v)), SIZE)
        at_x, at_y = column + far * np.cos(to), row + far * np.sin(to)
        for gx, gy, one in zip(at_x, at_y, size * rng.uniform(0.75, 1.2, count), strict=True):
            ix, iy = round(gx), round(gy)
            if not (reach <= ix < SIZE - reach and reach <= iy < SIZE - reach):
                continue
            distance = np.hypot(axis[None, :] - (gx - ix), axis[:, None] - (gy - iy)) - one
            window = grains[iy - reach : iy + reach + 1, ix - reach : ix + reach + 1]
            np.maximum(window, np.clip(0.5 - distance / 1.6, 0, 1), out=window)
        dye[dye_of] += dose * body * grains * np.clip(1.25 - 0.8 * dye[CHROMATIN], 0.3, 1)

    # Everything around ---------------------------------------------------------------------------

    def _surroundings(self, rng: Rng, slide: Slide, dye: Field, radius: float) -> None:
        """Red cells and platelets around a middle of `radius` pixels; they may touch, hardly overlap."""
        placed: list[tuple[float, float, float]] = [(SIZE / 2, SIZE / 2, radius + 2)]
        for _ in range(int(rng.poisson(slide.crowd))):
            for _try in range(8):
                r = rng.uniform(22, 28)
                x, y = rng.uniform(-18, SIZE + 18, 2)
                if all(np.hypot(x - px, y - py) > r + 0.97 * pr for px, py, pr in placed):
                    placed.append((x, y, r))
                    self._neighbour(rng, dye, x, y, r)
                    break
        for _ in range(int(rng.poisson(0.8))):
            x, y = rng.uniform(4, SIZE - 4, 2)
            if all(np.hypot(x - px, y - py) > pr + 6 for px, py, pr in placed):
                self._platelet(rng, dye, x, y)

    def _neighbour(self, rng: Rng, dye: Field, x: float, y: float, r: float) -> None:
        rows, columns = window(y, r + 6), window(x, r + 6)
        du, dv = self._x[:, columns] - x, self._y[rows] - y
        turn, squeeze = rng.uniform(0, np.pi), rng.uniform(1.0, 1.12)
        u = (du * np.cos(turn) + dv * np.sin(turn)) / squeeze
        v = (dv * np.cos(turn) - du * np.sin(turn)) * squeeze
        disc(
            dye[HAEMOGLOBIN, rows, columns], dye[EOSIN, rows, columns], np.hypot(u, v) / r, r,
            rng.uniform(0.2, 0.6), rng.uniform(0.8, 1.05),
        )  # fmt: skip

    def _platelet(self, rng: Rng, dye: Field, x: float, y: float) -> None:
        rows, columns = window(y, 12), window(x, 12)
        du, dv = self._x[:, columns] - x, self._y[rows] - y
        stretch = rng.uniform(0.8, 1.25)
        rough = self._crop(rng, self._fine)[rows, columns]
        mask = inside(np.hypot(du * stretch, dv / stretch) + 0.8 * rough - rng.uniform(3.5, 6.5), 2.2)
        dye[CHROMATIN, rows, columns] += mask * np.clip(0.28 + 0.14 * rough, 0, 1)
        dye[EOSIN, rows, columns] += 0.25 * mask

    def _expose(self, rng: Rng, slide: Slide, dye: Field) -> NDArray[np.uint8]:
        """Light through the dyes, then lens and sensor."""
        density = np.tensordot(np.maximum(dye, 0), slide.dyes, axes=(0, 0))
        strength = rng.normal(1.0, 0.04)
        tilt = rng.normal(0, 0.025, 2)
        lamp = 1 + tilt[0] * (self._x / SIZE - 0.5) + tilt[1] * (self._y / SIZE - 0.5)
        light = np.exp(-np.float32(strength) * density) * (slide.light * lamp[..., None])
        picture = Image.fromarray(np.clip(light * 255, 0, 255).astype(np.uint8))
        blur = slide.blur * rng.uniform(0.7, 1.4)
        if blur > 0.3:
            picture = picture.filter(ImageFilter.GaussianBlur(blur))
        pixels = np.asarray(picture, np.float32) + slide.grain * self._crop(rng, self._fine)[..., None]
        return np.asarray(np.clip(pixels + 0.5, 0, 255).astype(np.uint8))

    def _crop(self, rng: Rng, bank: Field) -> Field:
        """A random, randomly mirrored (SIZE, SIZE) part of a noise bank."""
        row, column = rng.integers(0, BANK - SIZE, 2)
        part = bank[row : row + SIZE, column : column + SIZE]
        return part[:: -1 if rng.random() < 0.5 else 1, :: -1 if rng.random() < 0.5 else 1]


def _slide(rng: Rng, number: int) -> Slide:
    stain = "ABC"[number % 3]
    strength = np.array(_STAINS[stain]) * rng.normal(1.0, 0.07, 4) * rng.uniform(0.85, 1.15)
    dyes = _DYES * rng.normal(1.0, 0.05, _DYES.shape) * strength[:, None]
    light = rng.uniform(0.93, 0.99) * np.array([1.0, 0.985, 0.99]) * rng.normal(1.0, 0.012, 3)
    return Slide(
        name=f"slide-{number + 1:02d}",
        stain=stain,
        dyes=np.asarray(dyes * 1.35, np.float32),
        light=np.asarray(np.minimum(light, 1.0), np.float32),
        blur=float(rng.uniform(0.35, 0.95)),
        grain=float(rng.uniform(0.8, 2.0)),
        crowd=float(rng.uniform(3.0, 7.5)),
    )


def _plan(n: int, seed: int) -> Iterator[tuple[int, str, int]]:
    """(index, shape, slide number) of every picture: fixed shares of the shapes, slides of equal size."""
    rng = np.random.default_rng([seed, 0])
    bounds = np.round(np.cumsum(_SHARES) * n).astype(int)
    shapes = rng.permutation(np.searchsorted(bounds, np.arange(n), side="right"))
    for index in range(n):
        yield index, CLASSES[shapes[index]], index * N_SLIDES // n


def write_sample(folder: Path, n: int = 1200, seed: int = 0, progress: Progress | None = None) -> Path:
    """Draw `n` pictures into `folder` and return the path of their manifest.

    `folder` receives `images/slide-NN/cell-NNNN.png`, `README.txt`, and last `manifest.csv` with the columns
    image (relative to `folder`), label (one of `CLASSES`), group (the slide) and stain: a folder that has a
    manifest is complete. The same `n` and `seed` draw the same pictures.

    Raises `UserError` if the folder cannot be written, `Cancelled` through `progress`.
    """
    watch = progress or SilentProgress()
    painter = Painter(seed)
    rows: list[tuple[str, str, str, str]] = []
    manifest = folder / "manifest.csv"
    try:
        for index, shape, number in _plan(n, seed):
            watch.check()
            slide = painter.slides[number]
            name = f"images/{slide.name}/cell-{index + 1:04d}.png"
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(painter.paint(index, shape, slide)).save(path, compress_level=1)
            rows.append((name, shape, slide.name, slide.stain))
            if (index + 1) % 25 == 0 or index + 1 == n:
                watch.report(index + 1, n, tr("Drawing the synthetic sample"))
        (folder / "README.txt").write_text(_README, encoding="utf-8")
        unfinished = manifest.with_suffix(".tmp")
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("image", "label", "group", "stain"))
            writer.writerows(rows)
        unfinished.replace(manifest)
    except OSError as error:
        raise UserError(
            tr(
                "The sample could not be written to {folder}: {reason}.",
                folder=folder,
                reason=system_reason(error),
            )
        ) from error
    return manifest


_README = """\
These pictures are synthetic: MedLabeler drew them from random numbers. No patient, no smear and no
microscope was involved, and no accuracy measured on them says anything about real images.

Six shapes (elongated, granular, round, segmented, spiky, target) on 24 slides in three stains.
manifest.csv names the image, its shape (label), its slide (group) and its stain.
"""
