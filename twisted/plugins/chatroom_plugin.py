from twisted.application.service import ServiceMaker

chatroom = ServiceMaker("chatroom", "chatroom.service", "A real-time chat room.", "chatroom")
