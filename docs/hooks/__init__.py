"""What happens during the build, one job a module, a room for each concern.

- `content`: what pages contain: figures, notebooks, exercises, checked equations, search
- `steppers`: the networks that readers walk through, what is said of each step; curves to walk on
- `math`: the notation, and formulas
- `languages`: both in one build, and the way from one to the other
- `weight`: what makes pages small and quick
- `publishing`: what a published site brings along: the wheel, Python for the browser, licences
"""
