// nginx's error log: `2025/10/19 05:55:47 [error] 12#7: *5 open() failed, client: 10.0.0.1, server: shop, request: "GET / HTTP/1.1"`.
// The message keeps all its words; who asked is a field, too.
import { shape, type Shape } from './line/shape.ts'

export const nginx: Shape[] = [
  shape(
    '[',
    / \[(?<level>[a-z]{4,6})\] (?<pid>\d{1,10})#(?<tid>\d{1,10}): (?:\*(?<connection>\d{1,15}) )?(?=[^]{0,4000}?, client: (?<client>[\w.:]{1,100}), server:|)/y,
  ),
]
