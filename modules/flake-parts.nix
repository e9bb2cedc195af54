/*
  The module of flake-parts: options for what a flake makes with the library, and the flake's outputs
  of them. modules/options.nix is the table of the options.

  Type: flakeModule :: (pkgs -> library) -> module

  Example:
    builtins.attrNames (flakeModule mkLib { inherit lib flake-parts-lib; })
    => [ "_file" "key" "options" ]
*/
mkLib:
{ lib, flake-parts-lib, ... }:
let
  inherit (lib) mkOption;
  inherit (import ./options.nix) settings kinds;
  nearNames = import ../lib/near-names.nix;
  reference = import ./reference.nix;
  text = import ../lib/text.nix;
  types = import ./types.nix lib;

  # An option by its entry of the table; `documented` is what the reference says.
  optionOf =
    documented: name: entry:
    let
      inner = builtins.mapAttrs (optionOf (if entry ? heading then reference entry.heading else { })) entry.options;
      given = entry.type types;
      type = if entry ? options then given inner else given;
      hasDefault = entry ? default || entry ? readOnly;
    in
    mkOption (
      {
        type = if hasDefault then type else types.optional type;
        description = entry.meaning or documented.${name}.meaning;
        readOnly = entry.readOnly or false;
      }
      // (if entry ? readOnly then { } else { default = entry.default or null; })
      // (
        # What stands for the function's own default.
        if hasDefault then
          { }
        else
          { defaultText = lib.literalMD (entry.defaultText or documented.${name}.default); }
      )
      // (if entry ? example then { example = lib.literalExpression entry.example; } else { })
    );

  # Options by their names, which may have dots.
  nested = builtins.foldl' lib.recursiveUpdate { };
  optionsOf =
    documented: entries:
    nested (
      lib.mapAttrsToList (
        name: entry: lib.setAttrByPath (lib.splitString "." name) (optionOf documented name entry)
      ) entries
    );

  argumentsOf =
    kind: (if kind ? like then argumentsOf kinds.${kind.like} else { }) // kind.arguments;
  documentedOf =
    kind:
    (if kind ? like then documentedOf kinds.${kind.like} else { }) // reference "## ${kind.function}";

  flags = builtins.mapAttrs (
    _name: flag:
    mkOption {
      type = types.bool;
      default = false;
      description = "A [flag of Makes](makes.md#flags): builds see ${flag.package} ${flag.version}.";
      example = lib.literalExpression "true";
    }
  ) (import ../lib/makes/table.nix);

  context = "perSystem.wheelhouse";

  # The arguments that a user has set. For the others the library's defaults hold.
  argumentsGiven =
    names: options: config:
    lib.filterAttrs (_name: value: value != null) (
      lib.genAttrs (builtins.filter (
        # The priority of what an option's declaration has as default.
        name: options.${name}.highestPrio < (lib.mkOptionDefault null).priority
      ) names) (name: config.${name})
    );

  withoutNulls = lib.filterAttrs (_name: value: value != null);

  # The option of a kind: things by name, each with its result.
  kindOption =
    kindName: make:
    let
      kind = kinds.${kindName};
      arguments = argumentsOf kind;
      isEnvironment = kind ? like || kindName == "environments";
      module =
        {
          name,
          options,
          config,
          ...
        }:
        {
          options =
            optionsOf (documentedOf kind) (arguments // kind.further)
            // (if isEnvironment then flags else { });
          config.finalPackage = make name (
            argumentsGiven (
              builtins.attrNames arguments ++ (if isEnvironment then builtins.attrNames flags else [ ])
            ) options config
          );
        };
    in
    mkOption {
      type = lib.types.attrsOf (lib.types.submodule module);
      default = { };
      description = kind.meaning;
      example = lib.literalExpression kind.example;
    };

  # Things of several kinds whose results would have one name.
  refuseClashes =
    output: sets: value:
    let
      owners = lib.zipAttrs (
        lib.mapAttrsToList (kind: things: builtins.mapAttrs (_name: _thing: kind) things) sets
      );
      clashing = lib.filterAttrs (_name: kinds: builtins.length kinds > 1) owners;
      name = builtins.head (builtins.attrNames clashing);
    in
    if clashing == { } then
      value
    else
      throw "wheelhouse: ${context}: ${
        lib.concatMapStringsSep " and " (
          kind: if kind == "lock" then "the lock app (lock.enable)" else "${kind}.${name}"
        ) clashing.${name}
      } would both be ${output}.${name} of the flake. Give one of them another name.";
in
{
  _file = ./flake-parts.nix;
  key = toString ./flake-parts.nix;

  options.perSystem = flake-parts-lib.mkPerSystemOption (
    {
      config,
      pkgs,
      system,
      ...
    }:
    let
      own = config.wheelhouse;
      inherit (own) library;
      # What has programs, by name.
      programs = own.environments // own.applications // own.scripts;
      isLinux = lib.hasSuffix "-linux" system;

      results = builtins.mapAttrs (_name: thing: thing.finalPackage);
      images = if isLinux then own.images else { };

      # What an option means that names another thing.
      environmentOf =
        where: found: preferred: given:
        let
          names = builtins.attrNames found;
          near = nearNames given names;
        in
        if given == null then
          if found ? ${preferred} then
            found.${preferred}.finalPackage
          else if builtins.length names == 1 then
            found.${builtins.head names}.finalPackage
          else
            throw "wheelhouse: ${context}.${where} needs `environment`, ${
              if names == [ ] then
                "and there is none: define one in ${context}.environments"
              else
                "the name of one of ${text.enumerate names}"
            }."
        else if !builtins.isString given then
          given
        else if found ? ${given} then
          found.${given}.finalPackage
        else
          throw "wheelhouse: ${context}.${where}.environment is \"${given}\", and there is none of that name${
            if near == [ ] then "" else "; did you mean ${text.enumerate near}?"
          }${
            if names == [ ] then
              ". Define one in ${context}.environments"
            else
              " There ${if builtins.length names == 1 then "is" else "are"} ${text.enumerate names}"
          }.";

      prepared =
        arguments:
        arguments
        // (
          if arguments ? projects then
            { projects = builtins.mapAttrs (_name: withoutNulls) arguments.projects; }
          else
            { }
        );

      checksOf =
        kind: name: thing:
        let
          inherit (thing.checks) imports;
          # A script has no projects.
          pytest = thing.checks.pytest or { enable = false; };
          given = check: removeAttrs check [ "enable" ];
          environment = thing.finalPackage.environment or thing.finalPackage;
          # Of the whole lock: a project may be for other systems only.
          projects =
            if environment.sources.projects or [ ] == [ ] then
              throw "wheelhouse: ${context}.${kind}.${name}.checks.pytest has nothing to check: the lock has no project. Leave it out, or lock the project, too."
            else
              thing.finalPackage.projects;
        in
        lib.mkMerge [
          (lib.mkIf imports.enable {
            "${name}-imports" = thing.finalPackage.tests.imports.override (given imports);
          })
          (lib.mkIf pytest.enable (
            lib.mapAttrs' (
              project: made: lib.nameValuePair "${name}-${project}-pytest" (made.tests.pytest (given pytest))
            ) projects
          ))
        ];

      appOf =
        what: package:
        let
          inherit (package.meta) mainProgram;
        in
        {
          program = "${package}/bin/${mainProgram}";
          meta.description = package.meta.description or "The program ${mainProgram} of ${what}";
        };
      appsOf = builtins.mapAttrs (name: thing: appOf name thing.finalPackage);
    in
    {
      options.wheelhouse = {
        environments = kindOption "environments" (
          name: arguments: library.makePythonPypiEnvironment ({ inherit name; } // prepared arguments)
        );
        applications = kindOption "applications" (
          _name: arguments: library.makePythonPypiApplication (prepared arguments)
        );
        scripts = kindOption "scripts" (
          _name: arguments: library.makePythonScript (prepared arguments)
        );
        shells = kindOption "shells" (
          name: arguments:
          library.makeShell (
            arguments
            // {
              environment =
                environmentOf "shells.${name}" own.environments name
                  (arguments.environment or null);
            }
          )
        );
        images = kindOption "images" (
          name: arguments:
          library.makeOciImage (
            arguments
            // {
              environment =
                environmentOf "images.${name}" programs name
                  (arguments.environment or null);
            }
          )
        );
      }
      // optionsOf { } settings;

      config = {
        wheelhouse.pkgs = lib.mkDefault pkgs;
        wheelhouse.library = mkLib own.pkgs;

        packages = refuseClashes "packages" {
          inherit (own) environments applications scripts;
          inherit images;
        } (results (programs // images));

        apps =
          refuseClashes "apps"
            {
              inherit (own) environments applications scripts;
              lock = if own.lock.enable then { lock = null; } else { };
            }
            (
              appsOf programs
              // (if own.lock.enable then { lock = appOf "wheelhouse" library.lock; } else { })
            );

        devShells = results own.shells;
        checks = lib.mkMerge (
          lib.concatLists (
            lib.mapAttrsToList (kind: lib.mapAttrsToList (checksOf kind)) {
              inherit (own) environments applications scripts;
            }
          )
        );
      };
    }
  );
}
