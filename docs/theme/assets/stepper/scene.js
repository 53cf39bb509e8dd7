// What the picture shows at a step: which numbers stand in which box, which arrows are in use.

/**
 * The scene of a walk; picked is the number that is looked at, if any. columns are lists of boxes,
 * a box a list of lines [name, index, number or null]; arrows[c][i][j] is what stands on the arrow
 * from box i of column c to box j of the next.
 */
export function scene(walk, picked) {
  const { numbers, network, steps, at, step, sample } = walk;
  const L = network.layers.length;
  const past = new Set(steps.slice(0, at + 1).map(({ name }) => name));
  const after = step.name === "update" ? "new " : "";
  const line = (kind, ...index) =>
    [kind, index, past.has(kind) || !numbers.steps[kind] ? numbers.at(kind, ...index) : null];
  const there = (...names) => names.filter((name) => numbers.steps[name]);

  const columns = [
    network.x[0].map((_, i) => [line("x", sample, i), line("dx", sample, i)]),
    ...network.layers.map(({ W, b }, k) => W[0].map((_, j) => {
      const [l, out] = [k + 1, k + 1 === L ? "y" : `a${k + 1}`];
      return [
        ...(b ? [step.name === `db${l}` ? line(`db${l}`, j) : line(`${after}b${l}`, j)] : []),
        ...there(`z${l}`, out, `d${out}`, `delta${l}`).map((name) => line(name, sample, j)),
      ];
    })),
    [[
      ...(Array.isArray(network.t[sample]) ? network.t[sample].map((_, i) => line("t", sample, i)) : [line("t", sample)]),
      line("C"),
    ]],
  ];
  const arrows = network.layers.map(({ W }, k) => {
    const name = step.name === `dW${k + 1}` ? step.name : `${after}W${k + 1}`;
    return W.map((row, i) => row.map((_, j) => numbers.at(name, i, j)));
  });
  arrows.push(columns[L].map(() => [null]));

  const chosen = picked && numbers.label(picked);
  const route = picked?.name.startsWith("d") ? routeOf(numbers.paths(picked), L) : placeOf(picked, columns, L);
  return {
    columns,
    arrows,
    active: activeLayer(step, L),
    lit: ({ name }) => name === step.name || (after && name.startsWith(after)),
    chosen: (number) => numbers.label(number) === chosen,
    onPath: (...place) => route.has(place.join()),
    label: (number) => numbers.label(number),
    named: numbers.plain, // there is room for names on arrows
  };
}

// Where a number of the way forward stands, with the arrows that bring a sum its terms.
function placeOf(picked, columns, L) {
  if (!picked) return new Set();
  const { name, index } = picked;
  const [kind, unit] = [name[0], index.at(-1)];
  const column = { x: 0, y: L, C: L + 1, t: L + 1 }[kind] ?? Number(name.slice(1));
  if (kind === "W") return new Set([`${column - 1},${index.join()}`]);
  const arrows = kind === "z" ? columns[column - 1].map((_, i) => `${column - 1},${i},${unit}`) : [];
  return new Set([`${column},${column > L ? 0 : unit}`, ...arrows]);
}

// The boxes and arrows that paths pass: "column,box" and "column,from,to".
function routeOf(paths, L) {
  const route = new Set([`${L + 1},0`]);
  for (const { units } of paths) {
    units.forEach(([c, i], k) => {
      route.add(`${c},${i}`);
      route.add(`${c},${i},${k ? units[k - 1][1] : 0}`);
    });
  }
  return route;
}

// The layer whose arrows a step goes over; the loss counts as one more.
function activeLayer({ name, operands }, L) {
  if (name === "C" || name === "dy") return L + 1;
  const parameters = /^(z|dW)/.test(name) ? name : operands.find((operand) => /^W\d/.test(operand));
  return parameters ? Number(parameters.match(/\d+/)[0]) : 0;
}
