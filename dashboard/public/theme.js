// The remembered theme, set before anything is painted, so that no page flashes in the other one. Not a module and not
// inline: modules come too late, and a strict content security policy forbids inline scripts.
try {
  const theme = localStorage.getItem('logboom.theme')
  if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme
} catch {
  // Storage is forbidden here: the system's preference holds.
}
