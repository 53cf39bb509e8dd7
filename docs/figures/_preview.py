"""The picture that link previews show."""

from backprop import plotting


def draw():
    import matplotlib.pyplot as plt

    plotting.use_style()
    figure, ax = plt.subplots(figsize=(12, 6.3), layout="constrained")
    plotting.network((2, 2, 2), ax=ax)
    figure.suptitle("Backprop, zero to full", size=40, y=0.93)
    return figure
