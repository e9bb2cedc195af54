"""Import the packages of a machine learning environment, and use those with native code."""

import importlib.util
import os
import tempfile
import warnings

# matplotlib writes a font cache, and a build has no home directory.
os.environ.setdefault("MPLCONFIGDIR", tempfile.mkdtemp())
warnings.simplefilter("ignore")

import cv2
import Cython
import matplotlib
import numpy
import pandas
import PIL.Image
import pycocotools.mask
import scipy.linalg
import tensorboard
import tqdm
import yaml

matplotlib.use("Agg")
import seaborn

versions = [Cython, numpy, pandas, tensorboard, cv2]

# Tests may leave torch out, because its wheel has 0.8 GB.
if importlib.util.find_spec("torch") is not None:
    import thop
    import torch
    import torchvision

    network = torchvision.models.resnet18(pretrained=False).eval()
    with torch.no_grad():
        output = network(torch.zeros(1, 3, 64, 64))
    assert output.shape == (1, 1000), output.shape
    operations, parameters = thop.profile(network, (torch.zeros(1, 3, 64, 64),), verbose=False)
    versions += [torch, torchvision]
    print("resnet18", tuple(output.shape), int(parameters), "parameters")

mask = numpy.asfortranarray(numpy.eye(8, dtype="uint8"))
assert pycocotools.mask.area(pycocotools.mask.encode(mask)) == 8
print("encoded a mask of", mask.sum())

folder = tempfile.mkdtemp()
picture = numpy.arange(64 * 64 * 3, dtype="uint8").reshape(64, 64, 3)
assert cv2.imwrite(f"{folder}/picture.png", picture)
assert (cv2.imread(f"{folder}/picture.png") == picture).all()
print("wrote and read", PIL.Image.open(f"{folder}/picture.png").size)

axes = seaborn.histplot(pandas.DataFrame({"x": list(tqdm.tqdm(range(50), disable=True))}), x="x")
axes.figure.savefig(f"{folder}/plot.png")
assert scipy.linalg.det(numpy.eye(3)) == 1.0 and yaml.safe_load("1") == 1
print("drew", PIL.Image.open(f"{folder}/plot.png").format)

print("with", *(f"{module.__name__} {module.__version__}" for module in versions))
