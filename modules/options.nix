/*
  The options of the module of flake-parts, as data: those for all of it, and for each kind of thing
  that a user names, the function of the library that makes it, and its arguments. What an argument
  means, and what holds without it, is taken from docs/reference.md (modules/reference.nix).

  An entry of `settings`, `arguments` or `further` has

    type        :: types -> type, of modules/types.nix or modules/words.nix; where there are `options`,
                   types -> options -> type;
    default     :: any; absent where the function's own default isn't a value to write down;
    example     :: string, code;
    options     :: { <name> = entry }, what an attrset has;
    heading     :: string, of the reference's table that describes `options`;
    meaning     :: string, in place of the reference's;
    defaultText :: string, in place of the reference's;
    readOnly    :: bool, whether it is a result.

  Type: options :: {
    settings :: { <option> = entry };
    kinds    :: { <kind> = {
      function  :: string, of the library;
      meaning   :: string;
      example   :: string, code;
      like      :: string, the kind whose arguments are arguments, too; absent for none;
      arguments :: { <argument> = entry }, those of the function;
      further   :: { <option> = entry }, of the module's own;
    } };
  }

  Example:
    options.kinds.shells.function
    => "makeShell"
*/
let
  # Further options of a thing whose packages can be checked.
  importChecks = {
    "checks.imports" = {
      type = t: t.check;
      default = false;
      defaultText = "`false`";
      meaning = "whether `nix flake check` imports every module of every package: the check `NAME-imports`. `true`, or the arguments of [`tests.imports.override`](reference.md#checks-of-imports)";
      example = ''{ skip = [ "gi.*" ]; }'';
      heading = "### Checks of imports";
      options = {
        enable = {
          type = t: t.bool;
          default = true;
          meaning = "whether the check is there";
          defaultText = "`true`";
          example = "false";
        };
        skip = {
          type = t: t.listOf t.str;
          default = [ ];
          example = ''[ "gi.*" ]'';
        };
        only = {
          type = t: t.listOf t.str;
          example = ''[ "django.db.*" ]'';
        };
        timeout = {
          type = t: t.number;
          default = 300;
          example = "60";
        };
      };
    };
  };
  checks = importChecks // {
    "checks.pytest" = {
      type = t: t.check;
      default = false;
      defaultText = "`false`";
      meaning = "whether `nix flake check` runs the test suite of each project: the checks `NAME-PROJECT-pytest`. `true`, or the arguments of [`tests.pytest`](reference.md#checks-of-a-project)";
      example = ''{ groups = [ "dev" ]; }'';
      heading = "### Checks of a project";
      options = {
        enable = {
          type = t: t.bool;
          default = true;
          meaning = "whether the checks are there";
          defaultText = "`true`";
          example = "false";
        };
        args = {
          type = t: t.listOf t.str;
          default = [ ];
          meaning = "arguments of pytest";
          defaultText = "`[ ]`";
          example = ''[ "-q" ]'';
        };
        groups = {
          type = t: t.listOf t.str;
          default = [ ];
          example = ''[ "dev" ]'';
        };
        packages = {
          type = t: t.listOf t.package;
          default = [ ];
          example = "[ pkgs.git ]";
        };
        variables = {
          type = t: t.attrsOf t.str;
          default = { };
          example = ''{ TZ = "UTC"; }'';
        };
      };
    };
  };
  result = {
    finalPackage = {
      type = t: t.package;
      readOnly = true;
      meaning = "the result, for other options and for what has no option";
      defaultText = "";
    };
  };
in
{
  settings = {
    pkgs = {
      type = t: t.raw;
      meaning = "the package set that all is made with";
      defaultText = "`pkgs` of `perSystem`";
      example = "import inputs.nixpkgs { inherit system; config.allowUnfree = true; }";
    };
    library = {
      type = t: t.raw;
      readOnly = true;
      meaning = "the [library](reference.md) for this package set, for what has no option";
      defaultText = "";
    };
    "lock.enable" = {
      type = t: t.bool;
      default = true;
      meaning = "whether `nix run .#lock` runs [the lock app](lock.md)";
      defaultText = "`true`";
      example = "false";
    };
  };

  kinds = {
    environments = {
      function = "makePythonPypiEnvironment";
      meaning = "environments, each by [makePythonPypiEnvironment](reference.md#makepythonpypienvironment). Each is a package, and an app that runs its Python";
      example = "{ env.sourcesYaml = ./sources.yaml; }";
      arguments = {
        name = {
          type = t: t.str;
          defaultText = "the attribute's name";
          example = ''"example"'';
        };
        sourcesYaml = {
          type = t: t.path;
          example = "./sources.yaml";
        };
        sourcesJson = {
          type = t: t.path;
          example = "./sources.json";
        };
        sourcesRaw = {
          type = t: t.data;
          example = "builtins.fromJSON (builtins.readFile ./sources.json)";
        };
        python = {
          type = t: t.either t.str t.package;
          example = ''"3.11"'';
        };
        groups = {
          type = t: t.listOf t.str;
          default = [ "default" ];
          example = ''[ "default" "dev" ]'';
        };
        packages = {
          type = t: t.listOf t.str;
          default = [ ];
          example = ''[ "idna" ]'';
        };
        projects = {
          type = t: inner: t.attrsOf (t.submodule inner);
          default = { };
          example = ''{ demo.version = "1.4"; }'';
          heading = "### projects";
          options = {
            source = {
              type = t: t.either t.path t.package;
              example = "./demo";
            };
            filter = {
              type = t: t.function;
              example = ''path: _type: baseNameOf path != "assets"'';
            };
            version = {
              type = t: t.either t.str t.flake;
              example = ''"1.4"'';
            };
          };
        };
        searchPaths = {
          type = t: t.searchPaths;
          default = { };
          example = "{ rpath = [ pkgs.openssl ]; }";
        };
        searchPathsBuild = {
          type = t: t.searchPaths;
          default = { };
          example = "{ bin = [ pkgs.git ]; }";
        };
        searchPathsRuntime = {
          type = t: t.searchPaths;
          default = { };
          example = "{ bin = [ pkgs.git ]; }";
        };
        driver = {
          type =
            t:
            t.enum [
              "nixos"
              "host"
            ];
          default = "nixos";
          example = ''"host"'';
        };
        ignoreCollisions = {
          type = t: t.listOf t.str;
          default = [ ];
          example = ''[ "lib/python*/site-packages/docs/*" ]'';
        };
        nativeLibraries = {
          type = t: t.bool;
          default = true;
          example = "false";
        };
        strict = {
          type = t: t.bool;
          default = false;
          example = "true";
        };
        overrides = {
          type = t: t.overrides;
          default = { };
          example = "{ idna.runtimeLibraries = [ pkgs.openssl ]; }";
        };
        fetchurl = {
          type = t: t.function;
          example = "pkgs.fetchurl";
        };
      };
      further = checks // result;
    };

    applications = {
      function = "makePythonPypiApplication";
      meaning = "applications, each by [makePythonPypiApplication](reference.md#makepythonpypiapplication). Each is a package, and an app that runs its main program";
      example = ''{ manage = { package = "django"; mainProgram = "django-admin"; sourcesYaml = ./sources.yaml; }; }'';
      like = "environments";
      arguments = {
        package = {
          type = t: t.str;
          example = ''"httpx[cli]"'';
        };
        name = {
          type = t: t.str;
          example = ''"example"'';
        };
        groups = {
          type = t: t.listOf t.str;
          example = ''[ "plugins" ]'';
        };
        mainProgram = {
          type = t: t.str;
          example = ''"django-admin"'';
        };
        meta = {
          type = t: t.attrsOf t.raw;
          default = { };
          example = ''{ description = "Administer a site"; }'';
        };
      };
      further = checks // result;
    };

    scripts = {
      function = "makePythonScript";
      meaning = "programs of scripts, each by [makePythonScript](reference.md#makepythonscript). Each is a package, and an app";
      example = "{ thing.script = ./thing.py; }";
      like = "environments";
      arguments = {
        script = {
          type = t: t.path;
          example = "./thing.py";
        };
        name = {
          type = t: t.str;
          example = ''"thing"'';
        };
      };
      further = importChecks // result;
    };

    shells = {
      function = "makeShell";
      meaning = "shells, each by [makeShell](reference.md#makeshell). Each is a shell for `nix develop`";
      example = ''{ default = { environment = "env"; packages = [ pkgs.git ]; }; }'';
      arguments = {
        environment = {
          type = t: t.either t.str t.package;
          meaning = "the name of one of `environments`, or a result of `makePythonPypiEnvironment`";
          defaultText = "the environment that is called as the shell is, or the only one";
          example = ''"env"'';
        };
        editable = {
          type = t: t.attrsOf t.str;
          default = { };
          example = ''{ demo = "."; }'';
        };
        overlay = {
          type = t: t.str;
          example = ''".venv"'';
        };
        packages = {
          type = t: t.listOf t.package;
          default = [ ];
          example = "[ pkgs.git ]";
        };
        name = {
          type = t: t.str;
          example = ''"example-shell"'';
        };
      };
      further = result;
    };

    images = {
      function = "makeOciImage";
      meaning = "images of containers, each by [makeOciImage](reference.md#makeociimage). Each is a package on Linux systems, and there is none on others";
      example = ''{ web-image = { environment = "web"; exposedPorts = [ 8000 ]; }; }'';
      arguments = {
        environment = {
          type = t: t.either t.str t.package;
          meaning = "the name of one of `environments`, `applications` or `scripts`, or a result of their functions";
          defaultText = "required, unless there is only one";
          example = ''"web"'';
        };
        name = {
          type = t: t.str;
          example = ''"registry.example/team/web"'';
        };
        tag = {
          type = t: t.str;
          default = "latest";
          example = ''"1.4"'';
        };
        entrypoint = {
          type = t: t.listOf t.str;
          example = ''[ "python" "-m" "example" ]'';
        };
        command = {
          type = t: t.listOf t.str;
          example = ''[ "--verbose" ]'';
        };
        env = {
          type = t: t.attrsOf t.raw;
          default = { };
          example = ''{ TZ = "UTC"; }'';
        };
        user = {
          type = t: t.str;
          default = "root";
          example = ''"app"'';
        };
        workingDir = {
          type = t: t.str;
          default = "/";
          example = ''"/srv"'';
        };
        exposedPorts = {
          type = t: t.listOf t.raw;
          default = [ ];
          example = "[ 8000 ]";
        };
        volumes = {
          type = t: t.listOf t.str;
          default = [ ];
          example = ''[ "/data" ]'';
        };
        labels = {
          type = t: t.attrsOf t.str;
          default = { };
          example = ''{ "org.opencontainers.image.vendor" = "Example"; }'';
        };
        created = {
          type = t: t.int;
          default = 1;
          example = "1700000000";
        };
        contents = {
          type = t: t.listOf t.package;
          default = [ ];
          example = "[ pkgs.coreutils ]";
        };
        files = {
          type = t: t.attrsOf t.raw;
          default = { };
          example = ''{ "/etc/example.conf" = ./example.conf; }'';
        };
      };
      further = result;
    };
  };
}
