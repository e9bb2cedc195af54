{
  lib,
  buildPythonPackage,
  fetchPypi,
  isPyPy,

  # build-system
  hatch-fancy-pypi-readme,
  hatchling,

  # dependencies
  anyio,
  certifi,
  h2,
  httpcore,
  idna,

  # optional-dependencies
  brotli,
  brotlicffi,
  click,
  pygments,
  rich,
  socksio,
  zstandard,
}:

buildPythonPackage (finalAttrs: {
  pname = "httpx";
  version = "0.28.1";
  pyproject = true;
  __structuredAttrs = true;

  src = fetchPypi {
    inherit (finalAttrs) pname version;
    hash = "sha256-demMXxaw81tWeFb1l/Bv8icKN0RwpcI5IkJSjj4+Qvw=";
  };

  build-system = [
    hatch-fancy-pypi-readme
    hatchling
  ];

  dependencies = [
    anyio
    certifi
    h2
    httpcore
    idna
  ];

  optional-dependencies = {
    brotli = lib.optionals (!isPyPy) [ brotli ] ++ lib.optionals isPyPy [ brotlicffi ];
    cli = [
      click
      pygments
      rich
    ];
    socks = [ socksio ];
    zstd = [ zstandard ];
  };

  pythonImportsCheck = [ "httpx" ];

  meta = {
    description = "Next generation HTTP client";
    homepage = "https://github.com/encode/httpx";
    changelog = "https://github.com/encode/httpx/blob/master/CHANGELOG.md";
    license = lib.licenses.bsd3;
    maintainers = [ ];
    mainProgram = "httpx";
  };
})
