"""Makes the fixtures of image input: odd little images, and what Hugging Face's Pillow-backed processors make of them.

Run with pillow, numpy and transformers installed: python make_images.py
"""

import json
import pathlib

import numpy as np
from PIL import Image
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil
from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil

HERE = pathlib.Path(__file__).parent


def scene(height, width, seed):
    """Smooth colours with some noise."""
    y, x = np.mgrid[0:height, 0:width]
    random = np.random.default_rng(seed)
    waves = [127 + 120 * np.sin(x / (3 + c) + y / (5 - c)) for c in range(3)]
    return np.clip(np.stack(waves, -1) + random.normal(0, 12, (height, width, 3)), 0, 255).astype(np.uint8)


def images():
    rgb = Image.fromarray(scene(37, 53, 1))
    grey = rgb.convert("L")
    alpha = rgb.copy()
    alpha.putalpha(Image.fromarray(scene(37, 53, 2)[:, :, 0]))
    grey_alpha = grey.copy()
    grey_alpha.putalpha(alpha.getchannel("A"))
    rgb.save(HERE / "rgb.png")
    grey.save(HERE / "grey.png")
    alpha.save(HERE / "alpha.png")
    grey_alpha.save(HERE / "grey-alpha.png")
    palette = rgb.quantize(40)
    palette.save(HERE / "palette.png", transparency=3)
    palette.save(HERE / "palette.gif")
    rgb.convert("1").save(HERE / "one-bit.png")
    rgb.save(HERE / "rgb.bmp")
    grey.save(HERE / "grey.bmp")
    Image.fromarray(scene(12, 12, 3)).save(HERE / "small.png")
    rgb.save(HERE / "rgb.jpg", quality=90, subsampling=0)
    rgb.save(HERE / "rgb-420.jpg", quality=90, subsampling=2)
    grey.save(HERE / "grey.jpg", quality=90)
    return ["rgb.png", "grey.png", "alpha.png", "grey-alpha.png", "palette.png", "palette.gif", "one-bit.png",
            "rgb.bmp", "grey.bmp", "small.png", "rgb.jpg", "rgb-420.jpg", "grey.jpg"]


def odd():
    """Files that are refused."""
    folder = HERE / "odd"
    folder.mkdir(exist_ok=True)
    small = Image.fromarray(scene(8, 8, 4))
    small.convert("CMYK").save(folder / "cmyk.jpg")
    small.save(folder / "frames.gif", save_all=True, append_images=[Image.fromarray(scene(8, 8, 5))])
    Image.fromarray(np.arange(64, dtype=np.uint16).reshape(8, 8) * 1000).save(folder / "grey16.png")


PROCESSORS = {
    "vit": ViTImageProcessorPil(size={"height": 16, "width": 16}),
    "vit-bicubic": ViTImageProcessorPil(
        size={"height": 20, "width": 24}, resample=3, image_mean=[0.4914, 0.4822, 0.4465], image_std=[0.2023, 0.1994, 0.2010]),
    "clip": CLIPImageProcessorPil(size={"shortest_edge": 18}, crop_size={"height": 16, "width": 17}),
    "bytes": ViTImageProcessorPil(size={"height": 16, "width": 16}, do_rescale=False, do_normalize=False),
}


def main():
    names = images()
    odd()
    for name, processor in PROCESSORS.items():
        folder = HERE / name
        folder.mkdir(exist_ok=True)
        processor.save_pretrained(folder)
        for image in names:
            pixels = processor(Image.open(HERE / image).convert("RGB"), return_tensors="np")["pixel_values"][0]
            pixels.astype("<f4").tofile(folder / (image + ".f32"))


if __name__ == "__main__":
    main()
