"""Build backends that need nothing but Python."""

BACKEND = """\
import base64, hashlib, zipfile
import IMPORTS

def build_wheel(folder, config_settings=None, metadata_directory=None):
    info = "PACKAGE-1.0.dist-info/"
    files = {
        "PACKAGE.py": CONTENT,
        info + "METADATA": "Metadata-Version: 2.1\\nName: PACKAGE\\nVersion: 1.0\\n",
        info + "WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    record = f"{info}RECORD,,\\n"
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode()
        record += f"{name},sha256={digest.rstrip('=')},{len(text.encode())}\\n"
    wheel = "PACKAGE-1.0-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{wheel}", "w") as archive:
        for name, text in (files | {info + "RECORD": record}).items():
            archive.writestr(name, text)
    return wheel
"""


def backend(package: str, content: str, imports: str = "os") -> str:
    """Return a module that builds version 1.0 of a package of one module.

    `content` is a Python expression of that module's text, which may use what is imported.
    """
    text = BACKEND.replace("PACKAGE", package).replace("CONTENT", content)
    return text.replace("IMPORTS", imports)
