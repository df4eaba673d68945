#!/usr/bin/env node
// `kubectl pcapcheck`: kubectl runs any program of that name as a plugin (kubectl plugin --help).
import { start } from "./start.js";

await start("kubectl pcapcheck");
