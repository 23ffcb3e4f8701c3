// Every text that is drawn, with its computed colour, the ground under it and their contrast (WCAG 2.2).
() => {
  const WHITE = [255, 255, 255, 1];
  const parse = (color) => {
    const [r, g, b, a = 1] = color.match(/[\d.]+/g).map(Number);
    return [r, g, b, a];
  };
  const over = ([r, g, b, a], under) => [r, g, b].map((part, i) => part * a + under[i] * (1 - a)).concat(1);
  const luminance = (color) => {
    const [r, g, b] = color.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    if (element === null) return getComputedStyle(document.documentElement).colorScheme.includes("dark") && matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18, 1] : WHITE;
    const own = parse(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, ground(element.parentElement));
  };
  const name = (color) => `rgb(${color.slice(0, 3).map(Math.round).join(", ")})`;

  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { textContent, parentElement } = texts.currentNode;
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    if (!textContent.trim() || !range.getClientRects().length) continue;
    const under = ground(parentElement);
    const color = over(parse(getComputedStyle(parentElement).color), under);
    const [high, low] = [luminance(color), luminance(under)].sort((a, b) => b - a);
    found.push({ text: textContent.trim(), color: name(color), ground: name(under), ratio: (high + 0.05) / (low + 0.05) });
  }
  return found;
};
