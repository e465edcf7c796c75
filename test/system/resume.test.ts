// Clients with cursors over `kill -9` of the hub; `npm run torture 5 resume` does it with more of them, again and again.
import { test } from 'node:test'
import { surviveResume } from './survive-resume.ts'

test('40 clients over every transport that has cursors go on over kill -9 of the hub, without gap or repeat', async () => {
  await surviveResume({ clients: 40, kills: 1 })
})
