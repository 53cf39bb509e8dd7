"""What the page reference/checked tells of every page: its equations, and how much else of it is
held by tests. Hooked in by `checked`.

- `pages`: what is known of a page, kept for as long as it has this text
- `equations`: the tables of all equations, and of the mistakes that were planted into them
- `counts`: the other numbers, and links to what holds them
"""
