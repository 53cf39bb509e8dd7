"""Material's script starts its search worker and loads the index, 135 kB, with every page. Here
both wait until the reader turns to the search field (as Material does with pages opened from a
folder), or comes from a search result, whose words are marked in the page."""

from hooks import scripts

# Stands in for the worker, and makes it when there is something to tell it. Its address is
# taken now: after instant navigation another page's would be meant.
LATE_WORKER = """class extends EventTarget{
url=new URL(e,location);
postMessage(message){
if(!this.worker){
this.worker=new Worker(this.url);
this.worker.onmessage=({data})=>this.dispatchEvent(new MessageEvent("message",{data}))}
this.worker.postMessage(message)}}"""

CHANGES = {
    'L($(location.protocol!=="file:"),Je("search"))': 'Je("search")',
    "t=new Worker(e)": f"t=new {LATE_WORKER}",
    'z([t,r.pipe(Q(we()),g(o=>!!o.searchParams.get("h")))])': (
        'r.pipe(Q(we()),g(o=>!!o.searchParams.get("h")),b(o=>t.pipe(m(i=>[i,o]))))'
    ),
}


def changed(script: str) -> str:
    for before, after in CHANGES.items():
        script = scripts.replaced(script, before, after)
    return script


def on_files(files, config):
    scripts.change(files, config, scripts.MATERIAL, changed)
    return files
