// What a phone loads, packed as the door packs it: more than this and somebody has to say why.
import { readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";

const MOST = 45_000;
const folder = new URL("../layers/core/reprise/http/page/", import.meta.url);
const sizes = readdirSync(folder).map((name) => [name, gzipSync(readFileSync(new URL(name, folder))).length]);
const sum = sizes.reduce((all, [, bytes]) => all + bytes, 0);
for (const [name, bytes] of sizes) console.log(`${String(bytes).padStart(7)} ${name}`);
console.log(`${String(sum).padStart(7)} of ${MOST} bytes, packed`);
if (sum > MOST) process.exit(1);
