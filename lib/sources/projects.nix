let
  supportsSystem = import ./supports-system.nix;
  text = import ../text.nix;

  # What a user may give for a project; all of it is optional.
  known = [
    "filter"
    "source"
    "version"
  ];

  # What a project has whose version only its build backend knows, until the user names one.
  unknownVersion = "0+unknown";

  # Of a flake's `self`: its time and its commit, as a development version (PEP 440).
  versionOfFlake =
    flake:
    let
      commit =
        if flake ? shortRev then
          "g${flake.shortRev}"
        else if flake ? dirtyShortRev then
          "g${text.before "-" flake.dirtyShortRev}.dirty"
        else
          "dirty";
    in
    "0.dev${flake.lastModifiedDate}+${commit}";

  versionOf =
    context: name: given:
    if builtins.isString given then
      given
    else if given ? lastModifiedDate then
      versionOfFlake given
    else
      throw "wheelhouse: ${context}: projects.${name}.version is neither a version nor a flake. Give a text such as \"1.0\", or the flake's `self`.";

  check =
    context: project: settings:
    let
      unknown = builtins.filter (key: !builtins.elem key known) (builtins.attrNames settings);
    in
    if unknown != [ ] then
      throw "wheelhouse: ${context}: projects.${project.name} has no key ${text.enumerate unknown}. It knows ${text.enumerate known}."
    else if settings ? version && project ? version then
      throw "wheelhouse: ${context}: projects.${project.name}.version is given, but its pyproject.toml says ${project.version}. Leave one of them out, and lock again if that is the other one."
    else if settings ? source && settings ? filter then
      throw "wheelhouse: ${context}: projects.${project.name} has both `source` and `filter`, but `filter` is for the folder that the lock names. Apply it to the source, or leave one of them out."
    else
      settings;
in
{
  /*
    Return a lock whose projects are links, too: of the folder that the lock names, or of the user's
    own source. Throws for settings of a project that the lock doesn't have.

    Type: addLinks :: {
      context  :: string, the environment, named in errors;
      data     :: attrs, a lock in the shape of docs/sources-yaml.md;
      settings :: { <project> = { source, filter, version } };
    } -> attrs

    Example:
      (addLinks {
        context = "environment \"example\"";
        data = {
          projects = [ { name = "demo"; version = "1.0"; path = "."; } ];
          packages = [ { name = "demo"; version = "1.0"; } ];
        };
        settings = { };
      }).links
      => [ { name = "demo-1.0"; package = "demo"; path = "."; project = { builtVersion = "1.0"; exact = true; kept = [ ]; others = [ ]; settings = { }; }; version = "1.0"; } ]
  */
  addLinks =
    {
      context,
      data,
      settings,
    }:
    let
      projects = data.projects or [ ];
      byName = builtins.listToAttrs (
        map (project: {
          inherit (project) name;
          value = project;
        }) projects
      );
      unknown = builtins.filter (name: !(byName ? ${name})) (builtins.attrNames settings);
      link =
        package:
        let
          project = byName.${package.name};
          own = check context project (settings.${project.name} or { });
        in
        {
          name = "${package.name}-${package.version}";
          package = package.name;
          inherit (package) version;
          inherit (project) path;
          project = {
            settings = own;
            kept = project.documents or [ ];
            # The folders of other projects, which are no part of this one.
            others = builtins.filter (path: path != project.path) (map (other: other.path) projects);
            exact = project ? version;
            builtVersion =
              if project ? version then
                project.version
              else if own ? version then
                versionOf context project.name own.version
              else
                unknownVersion;
          };
        }
        // (if package ? systems then { inherit (package) systems; } else { });
    in
    if unknown != [ ] then
      throw "wheelhouse: ${context}: the lock has no project ${text.enumerate unknown}; it has ${
        if projects == [ ] then "none" else text.enumerate (builtins.attrNames byName)
      }. Name one of those, or lock the project again."
    else if projects == [ ] then
      data
    else
      data
      // {
        links =
          data.links or [ ]
          ++ map link (builtins.filter (package: byName ? ${package.name}) (data.packages or [ ]));
      };

  /*
    Return the projects that a lock has for a system, by their names.

    Type: projectsOf :: string -> attrs -> { <project> = { name, path, … } }

    Example:
      projectsOf "x86_64-linux" { projects = [ { name = "demo"; path = "."; } ]; }
      => { demo = { name = "demo"; path = "."; }; }
  */
  projectsOf =
    system: data:
    builtins.listToAttrs (
      map (project: {
        inherit (project) name;
        value = project;
      }) (builtins.filter (supportsSystem system) (data.projects or [ ]))
    );
}
