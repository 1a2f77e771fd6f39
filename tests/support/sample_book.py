"""A book of our own making: an EPUB with parts and chapters, a picture, notes, a table and two languages.

The text was written for this test, and is in the public domain.
"""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import av
import numpy as np

PAGES = {
    "text/cover.xhtml": '<section epub:type="cover"><img src="../cover.jpg" alt=""/></section>',
    "text/front.xhtml": "<p>For everybody who reads aloud.</p>",
    "text/part1.xhtml": '<section id="part"><h1>Part One<br/>The Harbour</h1></section>',
    "text/one.xhtml": """
        <section id="one"><h2>The Boat</h2>
        <p>Anna had a small boat<a epub:type="noteref" href="#note1"><sup>1</sup></a>. It was green &amp; old.</p>
        <p>Her uncle said: <i xml:lang="fr">Bonjour, ma petite.</i> He came from Brittany.</p>
        <p>* * *</p>
        <p>In the evening the wind turned.</p>
        <aside id="note1" epub:type="footnote"><p>A boat of three metres.</p></aside>
        </section>""",
    "text/two.xhtml": """
        <section><h2 id="two">The Map</h2><script src="x.js"/>
        <figure><img src="map.png" alt="A map of the bay."/><figcaption>The bay in spring.</figcaption></figure>
        <table><tr><th>Place</th><th>Depth</th></tr><tr><td>Harbour</td><td>four metres</td></tr></table>
        <hr/>
        <h3 id="two-b">The Lighthouse</h3>
        <p>The lighthouse stood on a rock.<span epub:type="pagebreak" title="12">12</span> Nobody lived there.</p>
        </section>""",
    "text/part2.xhtml": '<h1 id="part2">Part Two</h1>',
    "text/three.xhtml": "<h2>The Storm</h2><p>Rain fell for two days.</p><p>Then it was quiet.</p>",
}
"""The bodies of the pages, in reading order."""

CONTENTS = """
<ol>
 <li><a href="part1.xhtml">Part One: The Harbour</a>
  <ol><li><a href="one.xhtml">The Boat</a></li>
      <li><a href="two.xhtml#two">The Map</a>
       <ol><li><a href="two.xhtml#two-b">The Lighthouse</a></li></ol></li></ol></li>
 <li><a href="part2.xhtml#part2">Part Two</a><ol><li><a href="three.xhtml">The Storm</a></li></ol></li>
</ol>"""

TITLES = ["Front matter", "Part One: The Harbour", "The Boat", "The Map", "The Lighthouse", "Part Two", "The Storm"]
LEVELS = [1, 1, 2, 2, 3, 1, 2]

CONTAINER = """<?xml version="1.0"?>
<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>
<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""


def page(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" '
        'xmlns:epub="http://www.idpf.org/2007/ops" xml:lang="en"><head><title/><style>p {}</style></head>'
        f"<body>{body}</body></html>"
    )


def jpeg() -> bytes:
    """A small picture."""
    file = io.BytesIO()
    with av.open(file, "w", format="image2pipe") as container:
        stream = container.add_stream("mjpeg", rate=1)
        stream.width, stream.height, stream.pix_fmt = 64, 96, "yuvj420p"
        frame = av.VideoFrame.from_ndarray(np.full((96, 64, 3), 90, np.uint8), format="rgb24")
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def write_epub(path: Path, *, changed: Mapping[str, str | bytes] | None = None, has_contents: bool = True) -> Path:
    """Write the book. `changed`: files by their names in the archive, in place of its own or beside them."""
    pages = {f"OEBPS/{name}": page(body) for name, body in PAGES.items()}
    manifest = "".join(
        f'<item id="p{number}" href="{name}" media-type="application/xhtml+xml"/>' for number, name in enumerate(PAGES)
    )
    nav = '<item id="nav" href="text/nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>' * has_contents
    spine = "".join(f'<itemref idref="p{number}"/>' for number in range(len(PAGES)))
    package = f"""<?xml version="1.0"?>
        <package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
        <metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">urn:x:1</dc:identifier>
        <dc:title>The Green Boat</dc:title><dc:creator>Ada Writer</dc:creator><dc:creator>Ben Other</dc:creator>
        <dc:language>en-GB</dc:language></metadata>
        <manifest>{manifest}{nav}
        <item id="cover" href="cover.jpg" media-type="image/jpeg" properties="cover-image"/></manifest>
        <spine>{spine}{'<itemref idref="nav"/>' * has_contents}</spine></package>"""
    files: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": package,
        "OEBPS/cover.jpg": jpeg(),
        "OEBPS/text/nav.xhtml": page(f'<nav epub:type="toc"><h1>Contents</h1>{CONTENTS}</nav>'),
        **pages,
        **(changed or {}),
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path
