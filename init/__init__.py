"""Starting points: what `nix run .#init` writes, from nothing to what builds.

`main.py` reads the command line. `kinds.py` is the table of what can be started, `templates.py`
reads the files of a template and gives them the user's name, `writing.py` writes them.
"""
