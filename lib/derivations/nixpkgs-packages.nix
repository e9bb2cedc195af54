let
  nearNames = import ../near-names.nix;
  pythonDerivation = import ./python-derivation.nix;
  pythonAttribute = import ../python-attribute.nix;
  pythonVersion = import ../python-version.nix;
  supportsSystem = import ../sources/supports-system.nix;
  text = import ../text.nix;
  inherit (import ../pep440.nix) isVersion satisfies;

  isModule = package: builtins.isAttrs package && builtins.isAttrs (package.pythonModule or null);

  # nixpkgs has the interpreter among what its packages propagate, as a module of itself.
  isLibrary = package: isModule package && package.outPath != package.pythonModule.outPath;

  # The project name of a package of nixpkgs; older ones have it only in their store name.
  projectName =
    package:
    let
      inherit (builtins.parseDrvName package.name) name;
      parts = builtins.match "python[0-9.]+t?-(.*)" name;
    in
    text.normalizedName (package.pname or (if parts == null then name else builtins.head parts));

  # Of packages and of the Python modules that they propagate, each once. What is known by a name
  # among `names` is left out, with what only that needs.
  modulesOf =
    names: packages:
    let
      isFurther = package: isLibrary package && !builtins.elem (projectName package) names;
    in
    map (item: item.package) (
      builtins.genericClosure {
        startSet = map item packages;
        operator =
          { package, ... }: map item (builtins.filter isFurther (package.propagatedBuildInputs or [ ]));
      }
    );
  item = package: {
    key = builtins.unsafeDiscardStringContext package.outPath;
    inherit package;
  };
in
/*
  Return, as packages of an environment, those that a lock leaves to the package set, and what these
  need of Python packages that the lock doesn't have. Throws where the package set lacks one, has it
  for another Python, or in a version that the lock doesn't allow.

  Type: nixpkgsPackages :: {
    context            :: string, the environment, named in errors;
    toolchain, builder :: the record, the derivation;
    python             :: derivation, the interpreter of the environment;
    overrides          :: { <package> = { package, version, … } }, checked;
    items              :: [attrs], of `packages` in the lock, for this system;
    names              :: [string], of the packages of the lock that are installed beside them;
  } -> [derivation]

  Example:
    map (package: package.pname) (nixpkgsPackages {
      context = "environment \"example\"";
      inherit toolchain builder python;
      overrides = { };
      items = [ { name = "tkinter"; version = "0"; from = "nixpkgs"; } ];
      names = [ ];
    })
    => [ "tkinter" ]
*/
{
  context,
  toolchain,
  builder,
  python,
  overrides,
  items,
  names,
}:
let
  version = pythonVersion python;
  attribute = pythonAttribute version;
  available = toolchain.pythonPackages python;

  found =
    { name, ... }@locked:
    let
      override = overrides.${name} or { };
      near = nearNames name (builtins.attrNames available);
      package =
        if override ? package then
          override.package
        else if available ? ${name} then
          available.${name}
        else
          throw "wheelhouse: ${context}: ${name} is to come from the package set, which has no package of that name for Python ${version}.${
            if near == [ ] then "" else " It has ${text.enumerate near}."
          } Name the one that is meant, as in `overrides.${name}.package = pkgs.${attribute}.pkgs.NAME;`.";
    in
    check locked package (override.version or package.version or "");

  check =
    { name, ... }@locked:
    package: given:
    let
      where = "wheelhouse: ${context}: ${name} of the package set";
      # Of those who are installed here: another group may ask for another version.
      asks = requirement: !(requirement ? by) || builtins.elem requirement.by installed;
      requirements = builtins.filter (
        requirement: supportsSystem toolchain.target requirement && asks requirement
      ) (locked.required or [ ]);
      violated = builtins.filter (
        requirement: !(isVersion given && satisfies requirement.specifier given)
      ) requirements;
      first = builtins.head violated;
      asker = first.by or "the requirements";
      verb = if first ? by then "requires" else "require";
    in
    if !(isModule package) then
      throw "${where} is no Python package: it has no `pythonModule`. Give one as `overrides.${name}.package`; for a derivation of another kind, python.pkgs.toPythonModule makes one of it."
    else if pythonVersion package.pythonModule != version then
      throw "${where} is for Python ${pythonVersion package.pythonModule}, but the environment's is ${version}. Give that of the same Python as `overrides.${name}.package`."
    else if violated == [ ] then
      adopted name (if given == "" then "0" else given) package
    else if !isVersion given then
      throw "${where} has the version \"${given}\", which is none by PEP 440, and ${asker} ${verb} ${first.specifier}. Say which one it stands for as `overrides.${name}.version`."
    else
      throw "${where} is ${given}, but ${asker} ${verb} ${first.specifier}. Give another one as `overrides.${name}.package`, or change the requirement and lock again.";

  adopted = name: version: package: {
    inherit name version package;
  };

  installed = names ++ map (locked: locked.name) items;
  asked = map found items;
  taken = names ++ map (one: one.name) asked;
  further = builtins.filter (one: !builtins.elem one.name taken) (
    map (package: adopted (projectName package) (package.version or "0") package) (
      modulesOf taken (map (one: one.package) asked)
    )
  );
  # A package that was asked for by another name than its own is there already.
  isAsked =
    one:
    builtins.any (other: other.package.outPath == one.package.outPath) asked;

  make =
    {
      name,
      version,
      package,
    }:
    pythonDerivation {
      name = text.storeName "python${pythonVersion python}-${name}-${version}";
      inherit (toolchain) system;
      inherit (builder) python;
      program = [
        "${builder}"
        "adopt"
      ];
      spec = {
        package = name;
        inherit version;
        path = "${package}";
        python = {
          executable = python.interpreter;
          version = pythonVersion python;
          inherit (python) sitePackages;
        };
      };
      passthru = {
        pname = name;
        inherit version package;
        propagatedBuildInputs = [ ];
        meta = builtins.intersectAttrs {
          description = null;
          homepage = null;
          license = null;
        } (package.meta or { });
      };
    };
in
map make (asked ++ builtins.filter (one: !isAsked one) further)
