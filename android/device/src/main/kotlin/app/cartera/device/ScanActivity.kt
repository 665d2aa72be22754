package app.cartera.device

import android.app.Activity
import android.content.Intent
import android.graphics.ImageFormat
import android.graphics.SurfaceTexture
import android.hardware.camera2.CameraCaptureSession
import android.hardware.camera2.CameraCharacteristics
import android.hardware.camera2.CameraDevice
import android.hardware.camera2.CameraManager
import android.hardware.camera2.CaptureRequest
import android.media.Image
import android.media.ImageReader
import android.os.Bundle
import android.os.Handler
import android.os.HandlerThread
import android.view.Surface
import android.view.TextureView
import app.cartera.state.scan.CodeReader

/**
 * Shows what the camera sees until there is a code in it, which is the answer. The permission is asked for before; without a
 * camera that answers, it is `RESULT_CANCELED`.
 */
class ScanActivity : Activity(), TextureView.SurfaceTextureListener {
    private val reader = CodeReader()
    private lateinit var seen: HandlerThread
    private lateinit var view: TextureView
    private var pictures: ImageReader? = null
    private var camera: CameraDevice? = null

    override fun onCreate(saved: Bundle?) {
        super.onCreate(saved)
        view = TextureView(this).also { it.surfaceTextureListener = this }
        view.contentDescription = intent.getStringExtra(SAID)
        setContentView(view)
    }

    override fun onStart() {
        super.onStart()
        seen = HandlerThread("codes").apply { start() }
        if (view.isAvailable) open()
    }

    override fun onStop() {
        camera?.close()
        camera = null
        pictures?.close()
        pictures = null
        seen.quitSafely()
        super.onStop()
    }

    override fun onSurfaceTextureAvailable(surface: SurfaceTexture, width: Int, height: Int) = open()

    override fun onSurfaceTextureSizeChanged(surface: SurfaceTexture, width: Int, height: Int) = Unit

    override fun onSurfaceTextureDestroyed(surface: SurfaceTexture) = true

    override fun onSurfaceTextureUpdated(surface: SurfaceTexture) = Unit

    private fun open() {
        val manager = service<CameraManager>()
        val handler = Handler(seen.looper)
        try {
            val back = manager.cameraIdList.firstOrNull {
                manager.getCameraCharacteristics(it).get(CameraCharacteristics.LENS_FACING) == CameraCharacteristics.LENS_FACING_BACK
            } ?: manager.cameraIdList.firstOrNull() ?: return finish()
            manager.openCamera(back, Opened(handler), handler)
        } catch (_: android.hardware.camera2.CameraAccessException) {
            finish()
        } catch (_: SecurityException) {
            finish() // taken back meanwhile
        }
    }

    private inner class Opened(private val handler: Handler) : CameraDevice.StateCallback() {
        override fun onOpened(device: CameraDevice) {
            camera = device
            val texture = view.surfaceTexture ?: return device.close()
            texture.setDefaultBufferSize(WIDTH, HEIGHT)
            val shown = Surface(texture)
            val reading = ImageReader.newInstance(WIDTH, HEIGHT, ImageFormat.YUV_420_888, 2).also { pictures = it }
            reading.setOnImageAvailableListener({ it.acquireLatestImage()?.use(::look) }, handler)
            val request = device.createCaptureRequest(CameraDevice.TEMPLATE_PREVIEW).apply {
                addTarget(shown)
                addTarget(reading.surface)
                set(CaptureRequest.CONTROL_AF_MODE, CaptureRequest.CONTROL_AF_MODE_CONTINUOUS_PICTURE)
            }
            @Suppress("DEPRECATION") // what takes its place is not on Android 8
            device.createCaptureSession(
                listOf(shown, reading.surface),
                object : CameraCaptureSession.StateCallback() {
                    override fun onConfigured(session: CameraCaptureSession) {
                        session.setRepeatingRequest(request.build(), null, handler)
                    }

                    override fun onConfigureFailed(session: CameraCaptureSession) = finish()
                },
                handler,
            )
        }

        override fun onDisconnected(device: CameraDevice) = device.close()

        override fun onError(device: CameraDevice, error: Int) {
            device.close()
            finish()
        }
    }

    private fun look(image: Image) {
        val plane = image.planes[0]
        val luminance = ByteArray(plane.buffer.remaining()).also(plane.buffer::get)
        val text = reader.read(luminance, image.width, image.height, plane.rowStride) ?: return
        runOnUiThread {
            setResult(RESULT_OK, Intent().putExtra(TEXT, text))
            finish()
        }
    }

    companion object {
        /** What was read. */
        const val TEXT = "text"

        /** What a screen reader says. */
        const val SAID = "said"
        private const val WIDTH = 1280
        private const val HEIGHT = 720
    }
}
