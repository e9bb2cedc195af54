"""Programs that draw windows on an X server, as texts that stand behind that of `x_display`.

Each leaves in `shown` what it sees of its window.
"""

TK = r"""
import tkinter, turtle
root = tkinter.Tk()
root.geometry('+0+0')
canvas = tkinter.Canvas(root, width=100, height=60, background='#ffffff', highlightthickness=0)
canvas.pack()
canvas.create_rectangle(10, 10, 40, 40, fill='#123456', outline="")
canvas.create_text(70, 20, text='text')
root.update()
shown = [root.winfo_width(), root.winfo_height(), pixel(20, 20), pixel(50, 50)]
pen = turtle.RawTurtle(tkinter.Canvas(root))
pen.forward(10)
shown.append(pen.pos()[0])
"""

GTK = r"""
import gi
gi.require_version('Gtk', '3.0')
from gi.repository import Gtk
window = Gtk.Window()
area = Gtk.DrawingArea()
area.set_size_request(100, 60)
def paint(area, context):
    # a context of pycairo, handed over by gi
    context.set_source_rgb(0x12 / 255, 0x34 / 255, 0x56 / 255)
    context.paint()
area.connect('draw', paint)
window.add(area)
window.show_all()
window.move(0, 0)
while Gtk.events_pending():
    Gtk.main_iteration()
window.get_display().sync()
shown = [Gtk.Button(label='name').get_label(), area.get_allocated_width(), pixel(20, 20)]
"""
