"""MathJax's scripts, translated from TypeScript, repeat the same five little functions in each of
their modules, 350 times in all. Here they stand once in a script: 110 kB less with every page."""

import re

import scripts
from mkdocs.exceptions import PluginError

# As TypeScript writes them, up to the names of variables; r may be used without a declaration.
HELPERS = {
    "extends": (
        "(r=function(t,e){return r=Object.setPrototypeOf||{__proto__:[]}instanceof Array&&"
        "function(t,e){t.__proto__=e}||function(t,e){for(var n in e)"
        "Object.prototype.hasOwnProperty.call(e,n)&&(t[n]=e[n])},r(t,e)},function(t,e){"
        'if("function"!=typeof e&&null!==e)throw new TypeError("Class extends value "+String(e)'
        '+" is not a constructor or null");function n(){this.constructor=t}r(t,e),'
        "t.prototype=null===e?Object.create(e):(n.prototype=e.prototype,new n)})"
    ),
    "assign": (
        "function(){return r=Object.assign||function(t){for(var e,n=1,o=arguments.length;n<o;n++)"
        "for(var i in e=arguments[n])Object.prototype.hasOwnProperty.call(e,i)&&(t[i]=e[i]);"
        "return t},r.apply(this,arguments)}"
    ),
    "values": (
        'function(t){var e="function"==typeof Symbol&&Symbol.iterator,n=e&&t[e],o=0;'
        'if(n)return n.call(t);if(t&&"number"==typeof t.length)return{next:function(){'
        "return t&&o>=t.length&&(t=void 0),{value:t&&t[o++],done:!t}}};throw new TypeError("
        'e?"Object is not iterable.":"Symbol.iterator is not defined.")}'
    ),
    "read": (
        'function(t,e){var n="function"==typeof Symbol&&t[Symbol.iterator];if(!n)return t;'
        "var o,i,a=n.call(t),s=[];try{for(;(void 0===e||e-- >0)&&!(o=a.next()).done;)"
        "s.push(o.value)}catch(t){i={error:t}}finally{try{o&&!o.done&&(n=a.return)&&n.call(a)}"
        "finally{if(i)throw i.error}}return s}"
    ),
    "spreadArray": (
        "function(t,e,n){if(n||2===arguments.length)for(var o,i=0,a=e.length;i<a;i++)"
        "!o&&i in e||(o||(o=Array.prototype.slice.call(e,0,i)),o[i]=e[i]);"
        "return t.concat(o||Array.prototype.slice.call(e))}"
    ),
}
START = '!function(){"use strict";'
NOTICE = "/* Part of MathJax, Apache License 2.0. Changed: helper functions stand once. */\n"


def in_modules(name: str) -> str:
    """A pattern for the helper where a module has it, whatever its variables are called."""
    anyhow = re.sub(r"\b[a-z]\b", "[A-Za-z]", re.escape(HELPERS[name]))
    return rf"this&&this\.__{name}\|\|{anyhow}"


def said_once(script: str) -> str:
    """The script with each helper it uses once at its start."""
    used = []
    for name, body in HELPERS.items():
        script, times = re.subn(in_modules(name), f"ts_{name}", script)
        if f"this.__{name}||" in script or (times and not script.startswith(START)):
            raise PluginError(f"MathJax has changed: look for __{name} in its scripts again")
        if times:
            used.append(f"ts_{name}=function(){{var r;return {body}}}()")
    if not used:
        return script
    return script.replace(START, f"{NOTICE}{START}var {','.join(used)};", 1)


def on_files(files, config):
    scripts.change(files, config, r"assets/mathjax/.*\.js", said_once)
    return files
