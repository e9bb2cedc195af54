let
  sonames = import ./sonames.nix;
in
/*
  Return the directories of the libraries that the packages of an environment open by name, as a
  lock says.

  Type: opened :: {
    context   :: string, the environment, named in errors;
    toolchain :: the record;
    overrides :: { <package> = attrs }, checked;
    needs     :: [{ package, version :: string; opened :: [string]; … }], the lock's `native`;
    files     :: [file], that the environment installs;
  } -> [string]

  Example:
    opened {
      context = "environment \"x\"";
      inherit toolchain;
      overrides = { };
      needs = [ { package = "idna"; version = "3.10"; opened = [ "libzstd.so.1" ]; } ];
      files = [ { package = "idna"; version = "3.10"; } ];
    }
    => [ "/zstd/lib" ]
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
in
builtins.concatMap (
  item:
  map (library: library.directory) (
    sonames {
      inherit context toolchain;
      inherit (item) package;
    } item.opened
  )
) installed
