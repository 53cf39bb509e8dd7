# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [raw]
# ---
# description: Digits
# ---

# %% [markdown]
# # Digits {#digits}
#
# Some text $\W{1}$ and [link](../hand/every-element.md#network).

# %%
import numpy as np
from backprop import plotting
plotting.use_style()
plotting.curves(loss=[1, 2.0, 3]);

# %% [markdown]
# ![A line that rises](figure)
#
# /// figure-caption
# A caption $\W{1}$.
# ///

# %%
print(np.arange(3))

# %% [markdown]
# ??? tip "Hint"
#
#     Hello $\a{1}$.
