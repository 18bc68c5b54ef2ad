type Child = Node | string | null

/** Makes an element; attributes that are functions become listeners, `on` left out of their names. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | boolean | (() => void)> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value)
    else if (typeof value === 'boolean') element.toggleAttribute(name, value)
    else element.setAttribute(name, value)
  }
  element.append(...children.filter((child) => child !== null))
  return element
}

export function show(...children: Child[]): void {
  document.querySelector('#main')?.replaceChildren(...children.filter((child) => child !== null))
}

/** Says something in the page's status line. */
export function say(text: string): void {
  const line = document.querySelector('#said')
  if (line) line.textContent = text
}
