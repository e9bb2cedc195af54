"""Solve, fit, draw and parse with packages that need native libraries."""

import io
import os
import tempfile

# matplotlib writes a font cache, and a build has no home directory.
os.environ.setdefault("MPLCONFIGDIR", tempfile.mkdtemp())

import lxml.etree
import matplotlib
import numpy
import pandas
import PIL.Image
import scipy.linalg
import sklearn
import yaml
from sklearn.linear_model import LinearRegression

matplotlib.use("Agg")
from matplotlib import pyplot

matrix = numpy.array([[3.0, 2.0, -1.0], [2.0, -2.0, 4.0], [-1.0, 0.5, -1.0]])
solution = scipy.linalg.solve(matrix, numpy.array([1.0, -2.0, 0.0]))
assert numpy.allclose(solution, [1.0, -2.0, -2.0]), solution
print("solved", [round(float(value), 6) for value in solution])

frame = pandas.DataFrame({"x": range(20)})
frame["y"] = 3 * frame["x"] + 7
model = LinearRegression().fit(frame[["x"]], frame["y"])
assert abs(model.coef_[0] - 3) < 1e-9 and abs(model.intercept_ - 7) < 1e-9
print("fitted", round(float(model.coef_[0]), 6), round(float(model.intercept_), 6))

picture = io.BytesIO()
frame.plot(x="x", y="y")
pyplot.savefig(picture, format="png", dpi=50)
image = PIL.Image.open(picture)
assert image.format == "PNG" and len(image.convert("L").getcolors()) > 2
print("drew", image.format, image.size)

document = lxml.etree.fromstring(b"<wheels><wheel name='numpy'/><wheel name='lxml'/></wheels>")
names = document.xpath("//wheel/@name")
assert yaml.safe_load(yaml.safe_dump(list(map(str, names)))) == ["numpy", "lxml"]
print("parsed", *names)

versions = [numpy, pandas, scipy, matplotlib, sklearn, PIL, yaml]
print("with", *(f"{module.__name__} {module.__version__}" for module in versions))
