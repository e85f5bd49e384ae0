// A copy on a memory stick. From file:// a browser runs no modules: the pages are complete without. From serve.py the scripts load.
(function () {
  var me = document.currentScript;
  if (me.dataset.module && location.protocol !== "file:") import(new URL(me.dataset.module, document.baseURI).href);
})();
