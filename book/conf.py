"""The settings of Sphinx."""

# Sphinx reads them as names of the module.
project = "wheelhouse"
extensions = ["myst_parser", "book.terms"]
root_doc = "index"
# Every heading has the anchor that it has on code hosts.
myst_heading_anchors = 6
# Examples may leave something out (`…`), which is no word of their language.
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["book.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_show_sphinx = False
html_use_index = False
html_last_updated_fmt = None
# A summary is fetched, which browsers refuse for files.
html_show_search_summary = False
# Only quotation marks: two hyphens are an option.
smartquotes_action = "q"
pygments_style = "friendly"
pygments_dark_style = "monokai"
