// Numbers in their order, those together that stand within so many of each other.
export function rangesOf(numbers, width) {
  const ranges = [];
  for (const number of [...new Set(numbers)].sort((one, other) => one - other)) {
    const last = ranges.at(-1);
    if (last && number - last[0] < width) last.push(number);
    else ranges.push([number]);
  }
  return ranges;
}
