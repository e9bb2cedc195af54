# /// script
# dependencies = ["idna"]
# ///
import idna

print(idna.encode("x"))
