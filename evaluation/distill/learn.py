"""From the teacher's vectors of words and texts to the vectors of the model."""

import numpy as np
import scipy.sparse


def principal_axes(vectors, dims):
    """The directions of greatest variance, a column each, with settled signs."""
    centred = vectors - vectors.mean(axis=0)
    values, axes = np.linalg.eigh(centred.T.astype(np.float64) @ centred)
    axes = axes[:, np.argsort(-values, kind="stable")[:dims]]
    signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    return axes * signs


def mean_matrix(cuts, weights):
    """Texts × vocabulary: each row the shares of a text's tokens in its weighted mean."""
    rows = [row for row, cut in enumerate(cuts) for _ in cut]
    columns = [entry for cut in cuts for entry in cut]
    shares = []
    for cut in cuts:
        total = sum(weights[entry] for entry in cut)
        shares += [weights[entry] / total for entry in cut]
    return scipy.sparse.csr_matrix((shares, (rows, columns)), shape=(len(cuts), len(weights)))


def linear_map(inputs, targets, penalty):
    """A with inputs·A close to targets, drawn towards the unit matrix."""
    gram = inputs.T @ inputs + penalty * np.eye(inputs.shape[1])
    return np.linalg.solve(gram, inputs.T @ targets + penalty * np.eye(inputs.shape[1]))


def ridge(matrix, start, targets, penalty, rounds=200, tolerance=1e-3):
    """start + D with the least ||matrix (start + D) - targets||² + penalty ||D||².

    Conjugate gradients, every dimension with its own step, until the residual is
    a thousandth of the first. Entries that no text has stay as they are.
    """
    used = np.flatnonzero(np.diff(matrix.tocsc().indptr))
    matrix = matrix.tocsc()[:, used].tocsr().astype(np.float32)
    transposed = matrix.T.tocsr()
    residual = transposed @ (targets - matrix @ start[used]).astype(np.float32)
    change, direction = np.zeros_like(residual), residual.copy()
    norm = np.einsum("ij,ij->j", residual, residual)
    goal = norm * tolerance**2
    for _ in range(rounds):
        image = transposed @ (matrix @ direction)
        image += np.float32(penalty) * direction
        step = norm / np.maximum(np.einsum("ij,ij->j", direction, image), 1e-30)
        change += step * direction
        image *= step
        residual -= image
        previous, norm = norm, np.einsum("ij,ij->j", residual, residual)
        if (norm <= goal).all():
            break
        direction *= norm / np.maximum(previous, 1e-30)
        direction += residual
    learned = start.copy()
    learned[used] += change
    return learned
