// An orchestrator of instances that come and go: what it does is logged, what it decides is audited.
import { auditLog, getLogger } from 'logboom-logger'

const logger = getLogger('orchestrator', { level: 'debug', file: process.env['EXAMPLE_FILE'] !== 'none' })
const instances = logger.getChild('instances')
const living: string[] = []
let spawned = 0

/** One thing that happens. */
function step(): void {
  const name = living[Math.floor(Math.random() * living.length)]
  const chance = Math.random()
  if (living.length < 2 || (living.length < 6 && chance < 0.3)) {
    const instance_id = `i-${++spawned}`
    living.push(instance_id)
    auditLog(instances, `Instance ${instance_id} spawned`, {
      action: 'instance_spawn',
      metadata: { instance_id, living: living.length },
    })
  } else if (chance < 0.4) {
    living.splice(living.indexOf(name!), 1)
    const level = Math.random() < 0.3 ? 'warning' : 'info'
    auditLog(instances, `Instance ${name} ended`, {
      action: 'instance_terminate',
      level,
      metadata: { instance_id: name },
    })
  } else if (chance < 0.5) instances.error({ instance_id: name }, 'no answer for 2 s')
  else instances.debug({ instance_id: name, ms: Math.ceil(Math.random() * 90) }, 'heartbeat')
}

export function startOrchestrator(): void {
  logger.info('orchestrator is up')
  setInterval(step, 250)
}
