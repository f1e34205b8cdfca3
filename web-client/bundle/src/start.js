import init from "./{{glue}}";

// An old browser, or a network that lets half of the files through, must not leave a blank page.
init({ module_or_path: new URL("./{{wasm}}", import.meta.url) }).catch((error) => {
  console.error(error);
  document.getElementById("stopped").hidden = false;
});

// Only the councillor's page is kept on the tablet. Where no worker may be had, the page is what the network makes it.
if (location.pathname === "/plass") navigator.serviceWorker?.register("/sw.js", { scope: "/plass" }).catch(() => {});
