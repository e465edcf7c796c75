import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findOwnContainer } from './own-container.ts'

const [one, other] = ['1', '2'].map((digit) => digit.repeat(64)) as [string, string]

function found(files: { cgroup?: string; mountinfo?: string }, host = 'desk'): string | undefined {
  const read = (file: string): string => {
    const text = files[file.split('/').at(-1) as keyof typeof files]
    if (text === undefined) throw new Error('no such file')
    return text
  }
  return findOwnContainer(read, host)
}

test('a container is known by its cgroup, by what is mounted in it, or by its host’s name', () => {
  const etc = (root: string): string => `700 690 8:1 ${root} /etc/hostname rw,relatime - ext4 /dev/sda1 rw\n`
  assert.equal(found({ cgroup: `12:memory:/docker/${one}\n` }), one)
  assert.equal(found({ cgroup: `0::/system.slice/docker-${one}.scope\n` }), one)
  assert.equal(found({ cgroup: `0::/machine.slice/libpod-${one}.scope/container\n` }), one)
  assert.equal(found({ cgroup: '0::/\n', mountinfo: etc(`/var/lib/docker/containers/${one}/hostname`) }), one)
  assert.equal(found({ cgroup: '0::/\n', mountinfo: etc(`/storage/overlay-containers/${one}/userdata/hostname`) }), one)
  assert.equal(found({ cgroup: '0::/\n' }, one.slice(0, 12)), one.slice(0, 12))
})

test('the inner one counts where one container is in another', () => {
  assert.equal(found({ cgroup: `12:memory:/docker/${one}/docker/${other}\n` }), other)
})

test('a machine that has containers is none of them', () => {
  const mounts = [
    `80 30 0:45 / /var/lib/docker/containers/${one}/mounts/shm rw - tmpfs shm rw,size=65536k`,
    `81 30 0:46 / /var/lib/containers/storage/overlay-containers/${one}/userdata/shm rw - tmpfs shm rw`,
  ]
  assert.equal(found({ cgroup: '0::/user.slice/session-1.scope\n', mountinfo: mounts.join('\n') }), undefined)
  assert.equal(found({}), undefined)
  assert.equal(found({}, 'deadbeef'), undefined)
})
