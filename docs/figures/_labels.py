"""What is written in figures: numbers, symbols in the colours of the notation, several in a row.

A label is a macro of the notation, in its colour; a text, in ink; or a text and its colour."""

from matplotlib.offsetbox import HPacker, TextArea, VPacker

from backprop import plotting


def number(value):
    """A number as a figure has it: no more digits than it has, a true minus."""
    return f"{value:g}".replace("-", "\N{MINUS SIGN}")


def lettered(label):
    """What to write, and its colour."""
    if not isinstance(label, str):
        return label
    return plotting.symbol(label) if label.startswith("\\") else (label, plotting.COLOURS["ink"])


def row(labels, size=16, align="baseline"):
    """Labels side by side; one that is packed already, such as a fraction, asks for
    align="center"."""
    children = []
    for label in labels:
        if not isinstance(label, (VPacker, HPacker)):
            text, colour = lettered(label)
            label = TextArea(text, textprops={"size": size, "color": colour})
        children.append(label)
    return HPacker(children=children, align=align, pad=0, sep=0)
