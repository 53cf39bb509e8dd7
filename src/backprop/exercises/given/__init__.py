"""What exercises start from: numbers that pages show, and what follows from them."""
