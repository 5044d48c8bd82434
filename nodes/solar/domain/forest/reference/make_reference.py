"""Makes the references that our isolation forest is checked against (nodes/solar/forest-reference.test.ts), with scikit-learn 1.2.1:

    apt-get install -y --no-install-recommends python3-sklearn
    /usr/bin/python3 nodes/solar/domain/forest/reference/make_reference.py

fixed-forest.json   a forest of 20 trees of 64 rows: its nodes in preorder, rows, and what score_samples makes of them (negated, so that
                    the unusual is near 1, as Liu, Ting and Zhou have it)
rank-order.json     rows, and the scores of a forest of 2,000 trees of 256 rows that was grown from them

Rows are features of panels by daylight: temperature, voltage, current, power, power / (voltage * current); every twentieth of them
disturbed. All values are float32, to which scikit-learn casts what it is given, so that no row lies on the other side of a threshold
for having been rounded.
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.ensemble import IsolationForest

folder = Path(__file__).parent


def panel_rows(seed, count):
    """Five-minute means of healthy panels of 400 W, every twentieth row disturbed in one measure."""
    random = np.random.default_rng(seed)
    irradiance = 1000 * random.beta(2, 1.6, count)
    temperature = 24 + 0.03 * irradiance + random.normal(0, 3, count)
    voltage = 41 * (1 - 0.003 * (temperature - 25)) * (0.93 + 0.07 * irradiance / 1000) + random.normal(0, 0.3, count)
    current = 9.8 * irradiance / 1000 * (1 + random.normal(0, 0.02, count))
    power = voltage * current * (1 + random.normal(0, 0.005, count))
    disturbed = np.arange(0, count, 20)
    for row, kind in zip(disturbed, random.integers(0, 5, len(disturbed))):
        if kind == 0:
            temperature[row] += random.uniform(20, 40)
        elif kind == 1:
            voltage[row] *= random.uniform(0.3, 0.7)
        elif kind == 2:
            current[row] *= random.uniform(0.2, 0.6)
        elif kind == 3:
            power[row] *= random.uniform(0.0, 0.5)
        else:
            voltage[row] *= 0.67
            power[row] *= 0.67
    rows = np.column_stack([temperature, voltage, current, power, power / (voltage * current)])
    return np.round(rows, 4).astype(np.float32)


def as_numbers(rows):
    """Each float32 as the shortest decimal that is that float32 again; read with Math.fround."""
    return [[float(str(value)) for value in row] for row in rows]


def preorder(tree):
    """A tree's nodes: [feature, threshold] of a split, [training rows] of a leaf. A left child stands right behind its split."""
    nodes = []
    for node in range(tree.node_count):
        if tree.children_left[node] == -1:
            nodes.append([int(tree.n_node_samples[node])])
        else:
            assert tree.children_left[node] == node + 1
            nodes.append([int(tree.feature[node]), float(tree.threshold[node])])
    return nodes


def fixed_forest():
    train, judged = panel_rows(1, 400), panel_rows(2, 200)
    forest = IsolationForest(n_estimators=20, max_samples=64, random_state=7).fit(train)
    return {
        "library": f"scikit-learn {sklearn.__version__}",
        "sampleSize": int(forest.max_samples_),
        "trees": [preorder(one.tree_) for one in forest.estimators_],
        "rows": as_numbers(judged),
        "scores": [float(-score) for score in forest.score_samples(judged)],
    }


def rank_order():
    rows = panel_rows(3, 600)
    forest = IsolationForest(n_estimators=2000, max_samples=256, random_state=11).fit(rows)
    return {
        "library": f"scikit-learn {sklearn.__version__}",
        "trees": 2000,
        "sampleSize": 256,
        "rows": as_numbers(rows),
        "scores": [round(float(-score), 9) for score in forest.score_samples(rows)],
    }


for name, reference in [("fixed-forest", fixed_forest()), ("rank-order", rank_order())]:
    (folder / f"{name}.json").write_text(json.dumps(reference, separators=(",", ":")) + "\n")
