let
  sonames = import ./sonames.nix;
in
/*
  Return the directories of the libraries that the packages of an environment open by name, as a
  lock says. A package may do without one, so what the package set lacks is only named, for the
  environment's report, unless an override asks for it.

  Type: opened :: {
    context   :: string, the environment, named in errors;
    toolchain :: the record;
    overrides :: { <package> = attrs }, checked;
    needs     :: [{ package, version :: string; opened :: [string]; … }], the lock's `native`;
    files     :: [file], that the environment installs;
  } -> { directories, lacking :: [string], the latter attributes }

  Example:
    opened {
      context = "environment \"x\"";
      inherit toolchain;
      overrides = { };
      needs = [ { package = "idna"; version = "3.10"; opened = [ "libzstd.so.1" ]; } ];
      files = [ { package = "idna"; version = "3.10"; } ];
    }
    => { directories = [ "/zstd/lib" ]; lacking = [ ]; }
*/
{
  context,
  toolchain,
  overrides,
  needs,
  files,
}:
let
  versions = builtins.listToAttrs (
    map (file: {
      name = file.package;
      value = file.version;
    }) files
  );
  installed = builtins.filter (
    item:
    item ? opened
    && versions.${item.package} or null == item.version
    && overrides.${item.package}.nativeLibraries or true
  ) needs;
  libraries = map (
    item:
    sonames {
      inherit context toolchain;
      inherit (item) package;
      required = overrides.${item.package}.nativeLibraries or false;
    } item.opened
  ) installed;
in
{
  directories = builtins.concatMap (one: map (library: library.directory) one.found) libraries;
  lacking = builtins.concatMap (one: one.lacking) libraries;
}
