// What is said while Python is at work, in the page's language.
const MB = (bytes) => (bytes / 1e6).toFixed(1);

export const words = (korean) => korean ? {
  loading: (what, done, all) => `${what} 불러오는 중: ${MB(all)} MB 가운데 ${MB(done)} MB`,
  python: "파이썬", matplotlib: "matplotlib",
  starting: "파이썬을 시작하는 중…", running: "실행 중…", checking: "확인하는 중…",
  block: (n) => `${n}번 코드`,
  above: (n) => `위의 코드 ${n}개를 먼저 실행했습니다.`,
  failedAbove: (n) => `위의 ${n}번 코드에서 오류가 났습니다. 그 코드 밑을 보세요.`,
  same: "이 페이지에 적힌 출력과 같습니다.",
  stopped: "멈췄습니다. 다음에 실행하면 위의 코드부터 다시 실행합니다.",
  cut: "… 출력이 길어서 여기서 자릅니다.",
  picture: "이 코드가 그린 그림",
  noWasm: "이 브라우저에서는 웹어셈블리(WebAssembly)가 꺼져 있어 파이썬을 실행할 수 없습니다. 코드를 복사해서 여러분의 컴퓨터에서 실행하세요.",
  download: (file) => `${file} 파일을 불러오지 못했습니다. 연결이 끊겼거나 차단 프로그램이 막았을 수 있습니다. 다시 눌러 보세요.`,
  memory: "브라우저의 메모리가 모자랍니다. 더 작은 배열로 바꾸어 다시 실행해 보세요.",
  crashed: (why) => `파이썬이 멈췄습니다(${why}). 다시 누르면 새로 시작합니다.`,
} : {
  loading: (what, done, all) => `Loading ${what}: ${MB(done)} of ${MB(all)} MB`,
  python: "Python", matplotlib: "matplotlib",
  starting: "Starting Python …", running: "Running …", checking: "Checking …",
  block: (n) => `block ${n}`,
  above: (n) => n === 1 ? "Ran the block above first." : `Ran the ${n} blocks above first.`,
  failedAbove: (n) => `Block ${n} above failed: see what stands under it.`,
  same: "The same as on the page.",
  stopped: "Stopped. The next run begins with the blocks above.",
  cut: "… there is more; it is cut here.",
  picture: "The picture that this block drew",
  noWasm: "This browser has WebAssembly switched off, so it can't run Python. Copy the code and run it with Python on your own computer.",
  download: (file) => `${file} could not be loaded: no connection, or something blocks it. Try again.`,
  memory: "The browser has no memory left for that. Try again with smaller arrays.",
  crashed: (why) => `Python has stopped (${why}). The next click starts it anew.`,
};
