"""Pictures that Pillow writes, and the bytes (rows, columns, red green blue) that it reads in them: fixtures/images."""

import pathlib

import torch
from PIL import Image, ImageOps

from fixture import FOLDER

folder = FOLDER / "images"
folder.mkdir(exist_ok=True)
height, width = 24, 37
y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
smooth = torch.stack([x * 6, y * 10, (x + y) * 4], -1).clamp(0, 255).to(torch.uint8)
picture = Image.fromarray(smooth.numpy())
alpha = picture.convert("RGBA")
alpha.putalpha(Image.fromarray((x * 6).clamp(0, 255).to(torch.uint8).numpy()))
turned = Image.Exif()
turned[0x0112] = 6

picture.save(folder / "rgb.png")
picture.convert("L").save(folder / "grey.png")
picture.quantize(32).save(folder / "palette.png")
alpha.save(folder / "alpha.png")
picture.save(folder / "rgb.bmp")
picture.save(folder / "sampled.jpg", quality=90)
picture.save(folder / "full.jpg", quality=95, subsampling=0)
picture.convert("L").save(folder / "grey.jpg", quality=90)
picture.save(folder / "turned.jpg", quality=95, subsampling=0, exif=turned)
for path in sorted(folder.iterdir()):
    if path.suffix != ".bytes":
        pathlib.Path(f"{path}.bytes").write_bytes(ImageOps.exif_transpose(Image.open(path)).convert("RGB").tobytes())
print(f"images: {len(list(folder.iterdir()))} files")
