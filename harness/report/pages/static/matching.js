"use strict";
// Clusters of two runs matched one to one, so that as many samples as possible agree (Kuhn, 1955).
const Matching = (() => {
  // Return the column of each row, or -1, of the largest sum of weights, by the Hungarian method.
  function assign(weights) {
    const rows = weights.length;
    const columns = rows ? weights[0].length : 0;
    const found = Array(rows).fill(-1);
    if (!rows || !columns) return found;
    if (rows > columns) {
      const turned = weights[0].map((_, column) => weights.map((line) => line[column]));
      assign(turned).forEach((row, column) => (found[row] = column));
      return found;
    }
    const up = Array(rows + 1).fill(0);
    const left = Array(columns + 1).fill(0);
    const owner = Array(columns + 1).fill(0); // rows and columns count from 1, 0 is none
    const way = Array(columns + 1).fill(0);
    for (let row = 1; row <= rows; row++) {
      const least = Array(columns + 1).fill(Infinity);
      const used = Array(columns + 1).fill(false);
      let at = 0;
      owner[0] = row;
      do {
        const line = weights[owner[at] - 1];
        let step = Infinity;
        let next = 0;
        used[at] = true;
        for (let column = 1; column <= columns; column++) {
          if (used[column]) continue;
          const cost = -line[column - 1] - up[owner[at]] - left[column];
          if (cost < least[column]) [least[column], way[column]] = [cost, at];
          if (least[column] < step) [step, next] = [least[column], column];
        }
        for (let column = 0; column <= columns; column++) {
          if (used[column]) {
            up[owner[column]] += step;
            left[column] -= step;
          } else least[column] -= step;
        }
        at = next;
      } while (owner[at]);
      for (; at; at = way[at]) owner[at] = owner[way[at]];
    }
    owner.forEach((row, column) => column && row && (found[row - 1] = column - 1));
    return found;
  }

  // Return how often each cluster of one run meets each of another; noise is the last row and column.
  function cross(one, two, rows, columns) {
    const counts = Array.from({ length: rows + 1 }, () => Array(columns + 1).fill(0));
    one.forEach((group, n) => counts[group < 0 ? rows : group][two[n] < 0 ? columns : two[n]]++);
    return counts;
  }

  // The Rand index adjusted for chance (Hubert and Arabie, 1985), noise being a group of its own.
  function rand(counts) {
    const pairs = (n) => (n * (n - 1)) / 2;
    const sum = (numbers) => numbers.reduce((total, n) => total + n, 0);
    const rows = counts.map(sum);
    const columns = counts[0].map((_, column) => sum(counts.map((line) => line[column])));
    const both = sum(counts.map((line) => sum(line.map(pairs))));
    const [one, two, all] = [sum(rows.map(pairs)), sum(columns.map(pairs)), pairs(sum(rows))];
    const chance = all ? (one * two) / all : 0;
    return (one + two) / 2 === chance ? 1 : (both - chance) / ((one + two) / 2 - chance);
  }

  // Return how two runs agree. A sample stays if its clusters are matched, or if it is noise in both.
  function between(first, other) {
    const counts = cross(first.labels, other.labels, first.names.length, other.names.length);
    const inner = counts.slice(0, -1).map((line) => line.slice(0, -1));
    const partner = assign(inner).map((column, row) => (column >= 0 && inner[row][column] ? column : -1));
    const back = Array(other.names.length).fill(-1);
    partner.forEach((column, row) => column >= 0 && (back[column] = row));
    const moved = Array.from(first.labels, (group, n) => {
      const now = other.labels[n];
      return group < 0 || now < 0 ? group !== now : partner[group] !== now;
    });
    return { counts, partner, back, moved, count: moved.filter(Boolean).length, rand: rand(counts) };
  }

  return { assign, cross, rand, between };
})();
