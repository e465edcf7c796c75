// Logboom's own lines (SPEC D2), in files and on consoles: `2025-10-19 05:55:47.606 [4157] [INFO] message`. Gunicorn's are the same.
import { shape, type Shape } from './line/shape.ts'

export const logboom: Shape[] = [shape('[]', /\]? \[(?<pid>\d{1,10})\] \[(?<level>[A-Z]{3,9})\](?: |$)/y)]
