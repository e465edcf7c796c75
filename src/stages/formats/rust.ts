// Rust: tracing and env_logger.
import { shape, type Shape } from './line/shape.ts'

export const rust: Shape[] = [
  // 2025-10-19T05:55:47.606123Z  INFO request{id=7}: shop::orders: message
  shape(
    'A',
    /(?<=\.\d{3,9}Z) +(?<level>TRACE|DEBUG|INFO|WARN|ERROR) (?:(?<thread>ThreadId\(\d{1,9}\)) )?(?<spans>(?:[\w-]{1,100}(?:\{[^}]{0,300}\})?:){1,20} )??(?<logger>[A-Za-z_]\w{0,99}(?:::\w{1,100}){0,20}): /y,
  ),
  // [2025-10-19T05:55:47Z INFO  shop::orders] message
  shape('A', / (?<level>TRACE|DEBUG|INFO|WARN|ERROR) +(?<logger>[A-Za-z_]\w{0,99}(?:::\w{1,100}){0,20})\] /y),
]

/** `[INFO  shop::orders] message`, as env_logger writes without time. */
export const undatedRust: Shape = shape(
  '',
  /\[(?<level>TRACE|DEBUG|INFO|WARN|ERROR) +(?<logger>[A-Za-z_]\w{0,99}(?:::\w{1,100}){0,20})\] /y,
)
