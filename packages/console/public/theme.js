// Schemas must not try to compile themselves: the policy refuses that, and a page that trips its own policy hides real trips.
globalThis['__zod_globalConfig'] = { jitless: true }

// Sets theme and density before the first paint. The same rules are in src/theme.ts, which changes them later.
;(function () {
  var root = document.documentElement
  var read = function (name) {
    try {
      return localStorage.getItem(name)
    } catch {
      return null
    }
  }
  var wanted = read('steward.theme')
  var dark = wanted === 'dark' || (wanted !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.dataset.theme = dark ? 'dark' : 'light'
  root.dataset.density = read('steward.density') === 'comfortable' ? 'comfortable' : 'compact'
})()
