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
<title>Sign in · Logboom</title>
<link rel="stylesheet" href="sign-in.css">
<script type="module" src="sign-in.js"></script>
<main>
  <h1>Logboom</h1>
  <form>
    <label>Name <input name="name" autocomplete="username" autocapitalize="none" required autofocus></label>
    <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
    <button>Sign in</button>
    <p role="alert"></p>
  </form>
</main>
</html>
`,
  },
  'sign-in.css': {
    type: 'text/css; charset=utf-8',
    text: `:root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: Canvas; color: CanvasText }
main { width: min(20rem, 90vw) }
h1 { font-size: 1.1rem; margin: 0 0 1rem }
label { display: block; margin-bottom: .75rem }
input { display: block; width: 100%; box-sizing: border-box; padding: .45rem .6rem; font: inherit; border: 1px solid GrayText; border-radius: 4px }
button { width: 100%; padding: .5rem; font: inherit; font-weight: 600; border: 0; border-radius: 4px; background: #2563eb; color: #fff; cursor: pointer }
button:disabled { opacity: .6 }
p { min-height: 1.5em; margin: .75rem 0 0; color: #dc2626 }
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
    says.textContent = error.message + ' ' + error.hint
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

// A link that signs in once; it is taken out of the address, and so out of the history.
const link = location.hash.slice(1)
if (link) {
  history.replaceState(null, '', location.pathname + location.search)
  void signIn({ link })
}
`,
  },
}
