_fixtures:
let
  choose = import ../../../lib/sources/choose.nix;
  data = {
    conflicts = [
      "cpu+gpu"
      "new+old"
    ];
    groups = {
      default = [ "app" ];
      cpu = [ "app[cpu]" ];
      gpu = [ "app[gpu]" ];
    };
    packages = [
      {
        name = "app";
        dependencies = [
          { name = "always"; }
          {
            name = "torch";
            choices = [
              "cpu"
              "cpu+new"
            ];
          }
        ];
      }
      {
        name = "torch";
        choices = [
          "cpu"
          "cpu+new"
        ];
      }
      {
        name = "plain";
        choices = [ "" ];
      }
    ];
    links = [
      { name = "app"; }
      {
        name = "torch";
        choices = [
          "cpu"
          "cpu+new"
        ];
      }
    ];
    build-links = [
      {
        name = "tool";
        choices = [ "gpu" ];
      }
    ];
  };
  chosen =
    groups: roots:
    let
      found = choose {
        context = "environment \"x\"";
        inherit data groups roots;
      };
    in
    map (key: map (item: item.name) found.${key}) [
      "packages"
      "links"
      "build-links"
    ]
    ++ [ (map (edge: edge.name) (builtins.head found.packages).dependencies) ];
  of = groups: chosen groups [ ];
in
{
  "a choice has its own items and those of all choices" = {
    value = map of [
      [ "default" ]
      [
        "cpu"
        "default"
      ]
      [
        "new"
        "cpu"
      ]
      [ "gpu" ]
    ];
    expected = [
      [
        [
          "app"
          "plain"
        ]
        [ "app" ]
        [ ]
        [ "always" ]
      ]
      [
        [
          "app"
          "torch"
        ]
        [
          "app"
          "torch"
        ]
        [ ]
        [
          "always"
          "torch"
        ]
      ]
      [
        [
          "app"
          "torch"
        ]
        [
          "app"
          "torch"
        ]
        [ ]
        [
          "always"
          "torch"
        ]
      ]
      [
        [ "app" ]
        [ "app" ]
        [ "tool" ]
        [ "always" ]
      ]
    ];
  };
  "a package with the extra of a group stands for the group" = {
    value = builtins.head (chosen [ ] [ "app[cpu]" ]);
    expected = [
      "app"
      "torch"
    ];
  };
  "groups that exclude each other are named" = {
    throws = "environment \"x\": the groups \"cpu\", \"gpu\" exclude each other. Name one of them.";
    value = of [
      "gpu"
      "default"
      "cpu"
    ];
  };
  "a lock without conflicts is taken as it is" = {
    value = choose {
      context = "environment \"x\"";
      data = {
        links = [ ];
      };
      groups = [ "default" ];
    };
    expected = {
      links = [ ];
    };
  };
  "what a choice requires of a package of nixpkgs is that choice's" = {
    value =
      let
        required =
          group:
          (builtins.head
            (choose {
              context = "environment \"x\"";
              groups = [ group ];
              data = {
                conflicts = [ "cpu+gpu" ];
                packages = [
                  {
                    name = "pygobject";
                    from = "nixpkgs";
                    required = [
                      {
                        specifier = ">=3";
                        choices = [ "cpu" ];
                      }
                      { specifier = ">=2"; }
                    ];
                  }
                ];
              };
            }).packages
          ).required;
      in
      map (group: map (one: one.specifier) (required group)) [
        "cpu"
        "gpu"
      ];
    expected = [
      [
        ">=3"
        ">=2"
      ]
      [ ">=2" ]
    ];
  };
}
