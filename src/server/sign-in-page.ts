// The page where people sign in, served by the hub itself: small, without a build, and with nothing inline, so that the policy of all
// other pages holds for it. Loaded on first use.

/** By path under the hub's root, with their types. */
export const signInFiles: Readonly<Record<string, { type: string; text: string }>> = {
  'sign-in': {
    type: 'text/html; charset=utf-8',
    text: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Sign in · Logboom</title>
<link rel="icon" type="image/svg+xml" href="favicon.svg">
<link rel="stylesheet" href="sign-in.css">
<script type="module" src="sign-in.js"></script>
<main>
  <h1>
    <svg viewBox="0 0 20 20" aria-hidden="true">
      <path class="amber" d="M3 5h10"/><path class="blue" d="M3 10h14"/><path class="green" d="M3 15h8"/>
    </svg>
    Logboom
  </h1>
  <form>
    <label>Name <input name="name" autocomplete="username" autocapitalize="none" required autofocus></label>
    <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
    <button>Sign in</button>
    <p role="alert"></p>
  </form>
  <footer>Forgotten it? On the hub’s machine:<br><code>logboom user link NAME</code></footer>
</main>
</html>
`,
  },
  'sign-in.css': {
    type: 'text/css; charset=utf-8',
    text: `:root {
  color-scheme: light dark;
  --canvas: light-dark(#f7f7f8, #0d0e11);
  --surface: light-dark(#ffffff, #14161a);
  --line: light-dark(#e4e5e9, #23262d);
  --line-strong: light-dark(#d0d2d9, #343943);
  --text: light-dark(#1b1d23, #e5e7eb);
  --soft: light-dark(#4d535f, #b2b8c3);
  --accent: light-dark(#3358d4, #8da4ef);
  --on-accent: light-dark(#ffffff, #10131c);
  --bad: light-dark(#c62a2f, #ff7b7e);
  --shadow: light-dark(0 8px 28px rgb(20 24 40 / 14%), 0 12px 36px rgb(0 0 0 / 55%));
}
:root[data-theme='light'] { color-scheme: light }
:root[data-theme='dark'] { color-scheme: dark }
* { box-sizing: border-box }
body { margin: 0; min-height: 100dvh; display: grid; place-items: center; background: var(--canvas); color: var(--text); font: 12px/16px system-ui, sans-serif }
main { width: min(300px, calc(100vw - 24px)); padding: 20px; border: 1px solid var(--line); border-radius: 10px; background: var(--surface); box-shadow: var(--shadow) }
h1 { display: flex; align-items: center; gap: 8px; margin: 0 0 4px; font-size: 13px; line-height: 20px; font-weight: 600 }
svg { width: 20px; height: 20px; fill: none; stroke-width: 2.6; stroke-linecap: round }
.amber { stroke: #e08f2e } .blue { stroke: var(--accent) } .green { stroke: light-dark(#18794e, #4cc38a) }
label { display: block; margin-top: 12px; font-weight: 500 }
input { display: block; width: 100%; height: 32px; margin-top: 5px; padding: 0 10px; border: 1px solid var(--line-strong); border-radius: 6px; background: var(--canvas); color: inherit; font: 13px/20px system-ui, sans-serif }
input:focus-visible { border-color: var(--accent); outline: 1px solid var(--accent); outline-offset: 0 }
button { width: 100%; height: 32px; margin-top: 16px; border: 0; border-radius: 6px; background: var(--accent); color: var(--on-accent); font: 500 12px/16px system-ui, sans-serif }
button:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px }
button:disabled { opacity: .6 }
p { min-height: 16px; margin: 8px 0 0; color: var(--bad) }
footer { margin: 12px -20px -20px; padding: 10px 20px 16px; border-top: 1px solid var(--line); color: var(--soft) }
code { color: var(--text); font: 11px/16px ui-monospace, monospace }
`,
  },
  'sign-in.js': {
    type: 'text/javascript; charset=utf-8',
    text: `const form = document.querySelector('form')
const says = document.querySelector('[role=alert]')
const button = document.querySelector('button')

/** Only places of this hub: anything else could be somebody's trap. */
function next() {
  const wanted = new URL(new URLSearchParams(location.search).get('next') ?? './', location.href)
  return wanted.origin === location.origin ? wanted.href : './'
}

async function signIn(body) {
  button.disabled = true
  says.textContent = ''
  try {
    const answer = await fetch('api/v1/sign-in', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (answer.ok) return location.replace(next())
    const { error } = await answer.json()
    // What to do about a forgotten password stands below anyway.
    says.textContent = error.code === 'sign-in-refused' ? error.message : error.message + ' ' + error.hint
  } catch {
    says.textContent = 'The hub does not answer.'
  }
  button.disabled = false
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  const { name, password } = Object.fromEntries(new FormData(form))
  void signIn({ name, password })
})

// The theme that was chosen on the dashboard.
try {
  const theme = localStorage.getItem('logboom.theme')
  if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme
} catch {}

// A link that signs in once; it is taken out of the address, and so out of the history.
const link = location.hash.slice(1)
if (link) {
  history.replaceState(null, '', location.pathname + location.search)
  void signIn({ link })
}
`,
  },
}
