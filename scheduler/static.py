"""Static files under names that carry their digest, ES modules that import each other included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    support_js_module_import_aggregation = True
    # Without collectstatic (`make run`) the plain names are served.
    manifest_strict = False
