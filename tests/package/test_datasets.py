"""The handwritten digits."""

import numpy as np

import backprop as bp


def test_digits_have_their_shapes_types_and_ranges():
    digits = bp.load_digits()
    assert digits.x.shape == (1797, 64)
    assert digits.x.dtype == np.float64
    assert (digits.x.min(), digits.x.max()) == (0, 1)
    assert digits.labels.shape == (1797,)
    assert digits.labels.dtype == np.int64
    assert np.bincount(digits.labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_pixels_are_the_sixteenths_of_the_original_file():
    digits = bp.load_digits()
    pixels = digits.x * 16
    np.testing.assert_array_equal(pixels, pixels.round())
    assert pixels.sum() == 561718
    assert pixels[0].astype(int).reshape(8, 8)[:2].tolist() == [
        [0, 0, 5, 13, 9, 1, 0, 0],
        [0, 0, 13, 15, 10, 15, 5, 0],
    ]
    assert digits.labels[-5:].tolist() == [9, 0, 8, 9, 8]


def test_images_are_the_same_pixels_row_by_row():
    digits = bp.load_digits()
    assert digits.images.shape == (1797, 8, 8)
    np.testing.assert_array_equal(digits.images[7].ravel(), digits.x[7])
    np.testing.assert_array_equal(digits.images[7, 0], digits.x[7, :8])


def test_each_call_returns_new_arrays():
    first = bp.load_digits()
    first.x[:], first.labels[:] = -1, -1
    again = bp.load_digits()
    assert again.x.min() == 0
    assert again.labels.min() == 0


def test_repr_is_short():
    assert repr(bp.load_digits()) == "Digits(x: shape (1797, 64), labels: shape (1797,))"
