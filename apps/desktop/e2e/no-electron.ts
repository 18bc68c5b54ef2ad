// In tests `electron` is this: loading the real package where its binary is absent begins a download.
throw new Error('A test imported electron. Specs run the built app; only its types may be imported here.')
