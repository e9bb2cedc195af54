"""Downloads the files of a lock into the Nix store, ahead of builds."""
