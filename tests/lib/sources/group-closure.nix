_fixtures:
let
  groupClosure = import ../../../lib/sources/group-closure.nix;

  # web[all] is what web's extras fast and small need together; cli needs web with small.
  grouped = {
    groups = {
      default = [ "web" ];
      docs = [ "tool" ];
      fast = [ "web[fast]" ];
      full = [ "web[all,unknown]" ];
      mac = [ "absent" ];
      ruled = [
        "core"
        "web[fast]"
        "web"
      ];
    };
    ruled-out = [
      {
        group = "ruled";
        requirement = "core";
        systems = [ "aarch64-darwin" ];
      }
      {
        group = "ruled";
        requirement = "web[fast]";
      }
      {
        group = "ruled";
        requirement = "web";
        systems = [ "x86_64-linux" ];
      }
    ];
    packages = [
      {
        name = "web";
        version = "1";
        dependencies = [
          { name = "core"; }
          {
            name = "speed";
            of-extras = [
              "all"
              "fast"
            ];
          }
          {
            name = "tiny";
            of-extras = [
              "all"
              "small"
            ];
          }
        ];
      }
      {
        name = "core";
        version = "1";
        dependencies = [
          { name = "web"; }
          {
            name = "elsewhere";
            systems = [ "aarch64-darwin" ];
          }
        ];
      }
      {
        name = "speed";
        version = "1";
      }
      {
        name = "tiny";
        version = "1";
      }
      {
        name = "tool";
        version = "1";
        dependencies = [
          {
            name = "web";
            extras = [ "small" ];
          }
        ];
      }
      {
        name = "elsewhere";
        version = "1";
        systems = [ "aarch64-darwin" ];
      }
    ];
  };
  closureOf =
    groups:
    let
      found = groupClosure {
        context = "environment \"x\"";
        data = grouped;
        system = "x86_64-linux";
        inherit groups;
      };
    in
    if found == null then null else builtins.attrNames found;
in
{
  "a group gets what it asks for and what that needs, in a circle too" = {
    value = closureOf [ "default" ];
    expected = [
      "core"
      "web"
    ];
  };
  "an extra is followed where it is asked for" = {
    value = map closureOf [
      [ "fast" ]
      [ "docs" ]
      [ "full" ]
    ];
    expected = [
      [
        "core"
        "speed"
        "web"
      ]
      [
        "core"
        "tiny"
        "tool"
        "web"
      ]
      [
        "core"
        "speed"
        "tiny"
        "web"
      ]
    ];
  };
  "several groups are joined" = {
    value = closureOf [
      "fast"
      "docs"
      "fast"
    ];
    expected = [
      "core"
      "speed"
      "tiny"
      "tool"
      "web"
    ];
  };
  "what a group's marker rules out isn't there, though another group has it" = {
    value = map (
      system:
      builtins.attrNames (groupClosure {
        context = "environment \"x\"";
        data = grouped // {
          packages = map (package: package // { dependencies = [ ]; }) grouped.packages;
        };
        inherit system;
        groups = [ "ruled" ];
      })
    ) [ "x86_64-linux" "aarch64-darwin" ];
    expected = [
      [ "core" ]
      [ "web" ]
    ];
  };
  "what another system has is not there" = {
    value = closureOf [ "mac" ];
    expected = [ ];
  };
  "all groups are all packages" = {
    value = closureOf (builtins.attrNames grouped.groups);
    expected = null;
  };
  "a lock without groups has one of all packages" = {
    value = groupClosure {
      context = "environment \"x\"";
      data = { };
      system = "x86_64-linux";
      groups = [ "default" ];
    };
    expected = null;
  };
  "a group that the lock lacks is named with those that it has" = {
    value = closureOf [
      "default"
      "dev"
    ];
    throws = "environment \"x\": the lock has no group \"dev\"; it has \"default\", \"docs\", \"fast\", \"full\", \"mac\"";
  };
  "further packages come with what they need, with their extras" = {
    value = builtins.attrNames (groupClosure {
      context = "x";
      data = grouped;
      system = "x86_64-linux";
      groups = [ ];
      roots = [ "web[small]" ];
    });
    expected = [
      "core"
      "tiny"
      "web"
    ];
  };
  "a further package that isn't there is named" = {
    value = groupClosure {
      context = "environment \"x\"";
      data = grouped;
      system = "x86_64-linux";
      groups = [ ];
      roots = [ "wbe" ];
    };
    throws = "environment \"x\": the lock has no package \"wbe\" for \"x86_64-linux\"";
  };
}
